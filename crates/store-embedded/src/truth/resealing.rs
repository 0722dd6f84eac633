//! Bodies sealed anew: those in clear, those with an older version of their tenant's key, which can be retired when nothing is sealed with it any more, and those that are
//! compressed with a dictionary which was trained from bodies in clear, and goes then.
//!
//! Each body says by itself with what it is sealed, so that there is nothing to remember: whoever was interrupted begins at the first row, and passes over what is done. It is
//! read and sealed here, some at a time, and the writer puts it in its place, unless it was erased meanwhile. Its version, its content and its place in the index stay.

use bytes::Bytes;
use rusqlite::Connection;
use store::commit::{CommitError, Conflict, Key};
use store::contract::Extract;
use vault::{KeyVersion, sealed};

use super::bodies::{Bodies, KeyFor, Place};
use super::erased_keys::CLEAR_DICTIONARIES;
use super::log::{self, LogRow};
use super::sql;
use crate::error::{Result, StoreError};
use crate::{samples, truth};

/// How many rows are looked at in one go.
const LOOKED_AT: u32 = 20_000;

/// How many of them are sealed anew in one go: the writer takes some milliseconds for them.
const MOST_ROWS: usize = 256;

/// How many bytes those have at most, beyond the first.
const MOST_BYTES: usize = 4 << 20;

/// How many bodies another dictionary is trained from.
const SAMPLES: u64 = 2_000;

/// How far bodies are sealed anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// How many were by this call.
    pub done: u64,
    /// The row up to which all are: where the next call goes on.
    pub through: u64,
    /// How many rows come after it.
    pub left: u64,
}

/// A body, sealed anew.
#[derive(Debug)]
pub(crate) struct SealedAnew {
    pub(crate) row: u64,
    pub(crate) key: Key,
    /// As it was read.
    pub(crate) before: Vec<u8>,
    pub(crate) after: Vec<u8>,
    pub(crate) dictionary: u32,
    pub(crate) key_for: KeyFor,
}

/// The next bodies behind a row that are to be sealed anew, and the row up to which there are no others.
pub(crate) fn next(connection: &Connection, bodies: &Bodies, extract: &dyn Extract, after: u64) -> Result<(Vec<SealedAnew>, u64)> {
    let old = clear_dictionaries(connection, bodies)?;
    let (outdated, through) = outdated(connection, (bodies, old), after)?;
    let (mut anew, mut bytes) = (Vec::new(), 0);
    for (done, row) in outdated.iter().enumerate() {
        if bytes > MOST_BYTES {
            return Ok((anew, outdated.get(done.wrapping_sub(1)).copied().unwrap_or(after)));
        }
        let found = log::from(connection, *row, 1)?.into_iter().next().filter(|found| found.row == *row);
        let Some(sealed) = found.map(|found| sealed_anew((bodies, old), extract, found)).transpose()?.flatten() else { continue };
        bytes += sealed.after.len();
        anew.push(sealed);
    }
    Ok((anew, through))
}

/// The rows behind this one whose bodies are to be sealed anew, at most [`MOST_ROWS`]; and the row up to which there are no others.
fn outdated(connection: &Connection, (bodies, old): (&Bodies, Option<u32>), after: u64) -> Result<(Vec<u64>, u64)> {
    let mut statement = connection.prepare_cached(sql::KEY_HEADS_AFTER)?;
    let mut rows = statement.query((after as i64, LOOKED_AT))?;
    let (mut outdated, mut through, mut looked_at) = (Vec::new(), after, 0);
    while let Some(found) = rows.next()? {
        let (id, version): (Vec<u8>, Vec<u8>) = (found.get(1)?, found.get(2)?);
        let dictionary: u32 = found.get(3)?;
        let version = version.try_into().map(u32::from_be_bytes);
        let key = sealed::key_id_of(&id).zip(version.ok()).map(|(id, version)| KeyVersion { id, version });
        (through, looked_at) = (found.get::<_, i64>(0)? as u64, looked_at + 1);
        if bodies.is_outdated(key) || old.is_some_and(|old| (1..=old).contains(&dictionary)) {
            outdated.push(through);
        }
        if outdated.len() == MOST_ROWS {
            return Ok((outdated, through));
        }
    }
    // Behind the last one there are deletions at most.
    let through = if looked_at < LOOKED_AT { log::last_row(connection)?.max(through) } else { through };
    Ok((outdated, through))
}

/// A body with the newest key of whom it belongs to; `None` when there is none any more, or its owner is being erased.
fn sealed_anew((bodies, old): (&Bodies, Option<u32>), extract: &dyn Extract, row: LogRow) -> Result<Option<SealedAnew>> {
    let Some(mut packed) = row.body else { return Ok(None) };
    let place = Place { tenant: row.tenant, key: &row.key, version: row.version };
    let before = std::mem::take(&mut packed.bytes);
    packed.bytes = match bodies.unsealed(place, &before) {
        Err(StoreError::Destroyed) => return Ok(None),
        opened => opened?,
    };
    let damaged = || StoreError::Damaged(format!("the body of row {} cannot be read", row.row));
    let body = bodies.dictionaries.unpack(packed.dictionary, &packed.bytes).ok_or_else(damaged)?;
    let text = log::stamped(&body, row.version, row.at, packed.stamp_at).ok_or_else(damaged)?;
    let (entries, _) = extract.extract(row.key.kind, &text);
    let key_for = match bodies.key_for(row.tenant, &row.key, &entries) {
        Err(CommitError::Conflict(conflict)) if matches!(*conflict, Conflict::Erased(_)) => return Ok(None),
        Err(e) => return Err(StoreError::Io(std::io::Error::other(format!("no key to seal with: {e:?}")))),
        Ok(None) => return Ok(None),
        Ok(Some(key_for)) => key_for,
    };
    if old.is_some_and(|old| packed.dictionary <= old) {
        packed = bodies.dictionaries.pack(&body, packed.stamp_at);
    }
    key_for.seal(place, &mut packed)?;
    Ok(Some(SealedAnew { row: row.row, key: row.key.clone(), before, after: packed.bytes, dictionary: packed.dictionary, key_for }))
}

/// Up to which number dictionaries were trained from bodies in clear; `None` when there is no such, or no other one to compress with in their place.
fn clear_dictionaries(connection: &Connection, bodies: &Bodies) -> Result<Option<u32>> {
    Ok(trained_in_clear(connection)?.filter(|old| bodies.dictionaries.newest() > *old))
}

/// Up to which number dictionaries were trained from bodies in clear; `None` when there is no such.
pub(crate) fn trained_in_clear(connection: &Connection) -> Result<Option<u32>> {
    let old = truth::meta(connection, CLEAR_DICTIONARIES)?.and_then(|old| u32::try_from(old).ok());
    Ok(old.filter(|old| *old > 0))
}

/// Texts of bodies without anybody's content, from all over the log, for another dictionary. What cannot be read is left out.
pub(crate) fn samples(connection: &Connection, bodies: &Bodies) -> Result<Vec<Bytes>> {
    let last = log::last_row(connection)?;
    let rows = (1..=last).step_by(usize::try_from(last / SAMPLES).unwrap_or(usize::MAX).max(1));
    Ok(rows.filter_map(|row| log::text(connection, bodies, row).ok()).map(|text| samples::bare(&text)).collect())
}
