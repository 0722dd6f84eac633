//! The change feed: commits in their order, and the places of those who follow it.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension};
use store::commit::{Event, Instant, Key, Sequence, Tenant};
use store::query::{Change, Erasure};

use crate::error::Result;
use crate::truth::log::{State, key_of, state_of};
use crate::truth::sql;

/// Where a commit's versions are in the log, and when it was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CommitRow {
    pub(crate) at: Instant,
    pub(crate) first_row: u64,
    pub(crate) row_count: u64,
}

/// At most `limit` commits after `after`, with what they wrote.
pub(crate) fn changes(connection: &Connection, tenant: Tenant, after: Sequence, limit: u32) -> Result<Vec<Change>> {
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(sql::COMMITS_AFTER)?;
    let mut rows = statement.query((tenant.0, after, limit))?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let sequence = row.get::<_, i64>(0)?;
        let (first, count): (i64, i64) = (row.get(4)?, row.get(5)?);
        changes.push(Change {
            sequence: sequence as u64,
            at: row.get(1)?,
            actor: row.get(2)?,
            reason: row.get(3)?,
            versions: versions(connection, first, count)?,
            erased: erasures(connection, tenant, sequence)?,
            events: events(connection, tenant, sequence)?,
        });
    }
    Ok(changes)
}

fn versions(connection: &Connection, first: i64, count: i64) -> Result<Vec<(Key, u64, bool)>> {
    let mut statement = connection.prepare_cached(sql::COMMIT_VERSIONS)?;
    let mut rows = statement.query((first, first + count))?;
    let mut out = Vec::with_capacity(count as usize);
    while let Some(row) = rows.next()? {
        let key = key_of(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, row.get(1)?)?;
        let state = state_of(row.get(3)?, first as u64)?;
        out.push((key, row.get::<_, i64>(2)? as u64, state == State::Deleted));
    }
    Ok(out)
}

fn erasures(connection: &Connection, tenant: Tenant, sequence: i64) -> Result<Vec<Erasure>> {
    let mut statement = connection.prepare_cached(sql::COMMIT_ERASURES)?;
    let mut rows = statement.query((tenant.0, sequence))?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let key = key_of(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, row.get(1)?)?;
        out.push(Erasure { key, through: row.get::<_, i64>(2)? as u64, versions: row.get::<_, i64>(3)? as u64 });
    }
    Ok(out)
}

fn events(connection: &Connection, tenant: Tenant, sequence: i64) -> Result<Vec<Event>> {
    let mut statement = connection.prepare_cached(sql::COMMIT_EVENTS)?;
    let rows = statement
        .query_map((tenant.0, sequence), |row| Ok(Event { topic: row.get(0)?, payload: Bytes::from(row.get::<_, Vec<u8>>(1)?) }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The commit at a place; `None` when there is none.
pub(crate) fn commit_at(connection: &Connection, tenant: Tenant, sequence: Sequence) -> Result<Option<CommitRow>> {
    let found = connection.prepare_cached(sql::COMMIT_AT)?.query_row((tenant.0, sequence as i64), |row| {
        Ok(CommitRow { at: row.get(0)?, first_row: row.get::<_, i64>(1)? as u64, row_count: row.get::<_, i64>(2)? as u64 })
    });
    Ok(found.optional()?)
}

/// The place of a cursor; 0 when it was never moved.
pub(crate) fn cursor(connection: &Connection, tenant: Tenant, name: &str) -> Result<Sequence> {
    let found: Option<i64> = connection.prepare_cached(sql::CURSOR)?.query_row((tenant.0, name), |row| row.get(0)).optional()?;
    Ok(found.unwrap_or(0) as u64)
}
