//! The log of versions: rows that are appended once and read by their numbers.

use bytes::Bytes;
use fhir::definitions::ResourceType;
use rusqlite::{Connection, Row};
use store::commit::{Instant, Key, Tenant, stamp};

use crate::error::{Result, StoreError};
use crate::truth::bodies::{Bodies, Place};
use crate::truth::sql;

/// What a version did to its resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Deleted,
    Updated,
    Created,
    /// Its content was removed for good.
    Erased,
}

impl State {
    pub(crate) fn code(self) -> u8 {
        match self {
            State::Deleted => 0,
            State::Updated => 1,
            State::Created => 2,
            State::Erased => 3,
        }
    }

    pub(crate) fn of(code: u8) -> Option<Self> {
        match code {
            0 => Some(State::Deleted),
            1 => Some(State::Updated),
            2 => Some(State::Created),
            3 => Some(State::Erased),
            _ => None,
        }
    }
}

/// A body as it is kept: compressed, without its stamp.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Packed {
    pub(crate) stamp_at: u32,
    pub(crate) dictionary: u32,
    pub(crate) bytes: Vec<u8>,
}

/// A row of the log.
#[derive(Clone, Debug)]
pub(crate) struct LogRow {
    pub(crate) row: u64,
    pub(crate) tenant: Tenant,
    pub(crate) resource: u64,
    pub(crate) key: Key,
    pub(crate) version: u64,
    pub(crate) state: State,
    pub(crate) at: Instant,
    pub(crate) body: Option<Packed>,
}

/// The number of the last row; 0 when there is none.
pub(crate) fn last_row(connection: &Connection) -> Result<u64> {
    let row: i64 = connection.prepare_cached(sql::LAST_ROW)?.query_row([], |row| row.get(0))?;
    Ok(row as u64)
}

/// Appends a row that belongs to the commit `sequence`.
pub(crate) fn append(connection: &Connection, sequence: u64, row: &LogRow) -> rusqlite::Result<()> {
    let body = row.body.as_ref();
    connection.prepare_cached(sql::INSERT_VERSION)?.execute(rusqlite::params![
        row.row as i64,
        row.tenant.0,
        sequence as i64,
        row.resource as i64,
        row.key.kind.name(),
        &*row.key.id,
        row.version as i64,
        row.state.code(),
        row.at,
        body.map_or(0, |body| body.stamp_at),
        body.map_or(0, |body| body.dictionary),
        body.map(|body| &body.bytes[..]),
    ])?;
    Ok(())
}

/// The number of the last erasure; 0 when there was none.
pub(crate) fn last_erasure(connection: &Connection) -> Result<u64> {
    let number: i64 = connection.prepare_cached(sql::LAST_ERASURE)?.query_row([], |row| row.get(0))?;
    Ok(number as u64)
}

/// Empties a row: its content was removed by this erasure.
pub(crate) fn erase(connection: &Connection, row: u64, erasure: u64) -> rusqlite::Result<()> {
    connection.prepare_cached(sql::ERASE_VERSION)?.execute((row as i64, erasure as i64))?;
    Ok(())
}

/// At most `limit` rows from `first` on, in order.
pub(crate) fn from(connection: &Connection, first: u64, limit: u32) -> Result<Vec<LogRow>> {
    let mut statement = connection.prepare_cached(sql::VERSIONS_FROM)?;
    let mut rows = statement.query((first as i64, limit))?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(log_row(row)?);
    }
    Ok(out)
}

fn log_row(row: &Row<'_>) -> Result<LogRow> {
    let number = row.get::<_, i64>(0)? as u64;
    let state = state_of(row.get(6)?, number)?;
    let body: Option<Vec<u8>> = row.get(10)?;
    let (stamp_at, dictionary) = (row.get(8)?, row.get(9)?);
    Ok(LogRow {
        row: number,
        tenant: Tenant(row.get(1)?),
        resource: row.get::<_, i64>(2)? as u64,
        key: key_of(row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?, row.get(4)?)?,
        version: row.get::<_, i64>(5)? as u64,
        state,
        at: row.get(7)?,
        body: body.map(|bytes| Packed { stamp_at, dictionary, bytes }),
    })
}

/// The key of a stored type and id.
pub(crate) fn key_of(kind: &str, id: String) -> Result<Key> {
    let kind = ResourceType::parse(kind).ok_or_else(|| StoreError::Damaged("a version has a type that is not of R4".to_owned()))?;
    Ok(Key::new(kind, id))
}

/// The state of a stored code.
pub(crate) fn state_of(code: u8, row: u64) -> Result<State> {
    State::of(code).ok_or_else(|| StoreError::Damaged(format!("row {row} has the unknown state {code}")))
}

/// What tells the version in a row from another one that might stand there; `None` when there is no such row.
pub(crate) fn mark(connection: &Connection, row: u64) -> Result<Option<u64>> {
    let mut statement = connection.prepare_cached(sql::VERSION_HEAD)?;
    let mut rows = statement.query([row as i64])?;
    let Some(found) = rows.next()? else {
        return Ok(None);
    };
    let key = key_of(found.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, found.get(1)?)?;
    Ok(Some(mark_of(&key, found.get::<_, i64>(2)? as u64, found.get(4)?)))
}

/// The mark of a version.
pub(crate) fn mark_of(key: &Key, version: u64, at: Instant) -> u64 {
    xxhash_rust::xxh3::xxh3_64(format!("{key} {version} {at}").as_bytes())
}

/// The text of a version as it goes out, with its stamp; an error when there is no such row, or it is a deletion;
/// [`StoreError::Erased`] when its content was removed meanwhile, [`StoreError::Destroyed`] when its key was destroyed.
pub(crate) fn text(connection: &Connection, bodies: &Bodies, row: u64) -> Result<Bytes> {
    let mut statement = connection.prepare_cached(sql::VERSION_BODY)?;
    let mut rows = statement.query([row as i64])?;
    let Some(found) = rows.next()? else {
        return Err(StoreError::Damaged(format!("there is no row {row}")));
    };
    if found.get(5)? {
        return Err(StoreError::Erased);
    }
    let Some(packed) = found.get_ref(4)?.as_blob_or_null().map_err(rusqlite::Error::from)? else {
        return Err(StoreError::Damaged(format!("row {row} has no body")));
    };
    let dictionary = found.get(3)?;
    let body = if vault::sealed::key_of(packed).is_some() {
        let (tenant, key) = place_of(connection, row)?;
        bodies.unpack(Place { tenant, key: &key, version: found.get::<_, i64>(0)? as u64 }, dictionary, packed)?
    } else {
        bodies.dictionaries.unpack(dictionary, packed)
    };
    let body = body.ok_or_else(|| StoreError::Damaged(format!("the body of row {row} is damaged")))?;
    let (version, at, stamp_at) = (found.get::<_, i64>(0)? as u64, found.get(1)?, found.get::<_, u32>(2)?);
    stamped(&body, version, at, stamp_at).ok_or_else(|| StoreError::Damaged(format!("row {row} has its stamp outside its body")))
}

/// Whose row it is, and of which resource.
fn place_of(connection: &Connection, row: u64) -> Result<(Tenant, Key)> {
    let mut statement = connection.prepare_cached(sql::VERSION_PLACE)?;
    let mut rows = statement.query([row as i64])?;
    let found = rows.next()?.ok_or_else(|| StoreError::Damaged(format!("there is no row {row}")))?;
    Ok((Tenant(found.get(0)?), key_of(found.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?, found.get(2)?)?))
}

/// The body with its stamp in it; `None` when the stamp's place is outside.
pub(crate) fn stamped(body: &[u8], version: u64, at: Instant, stamp_at: u32) -> Option<Bytes> {
    let (head, tail) = body.split_at_checked(stamp_at as usize)?;
    let mut out = Vec::with_capacity(body.len() + 80);
    out.extend_from_slice(head);
    stamp(&mut out, version, at, tail);
    out.extend_from_slice(tail);
    Some(Bytes::from(out))
}
