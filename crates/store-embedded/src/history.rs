//! Histories: of one resource, of a type, of everything.
//!
//! The index numbers the versions of every history, so that a total is a subtraction; those that were erased keep their numbers, and are counted off. A moment is turned into a row by
//! halving the tenant's commits, whose moments never go back.

use rusqlite::Connection;
use store::commit::{Instant, Key, Tenant};
use store::query::{HistoryQuery, Scope};

use crate::error::{Result, StoreError};
use crate::index::head::{Head, Written};
use crate::index::{Snapshot, keys};
use crate::truth::{feed, log, sql};

/// A page of a history, without the texts.
pub(crate) struct Page {
    pub(crate) hits: Vec<(Head, Key)>,
    pub(crate) next: Option<u64>,
    pub(crate) total: u64,
}

/// The rows that a history is about, both included.
#[derive(Clone, Copy, Debug)]
struct Rows {
    first: u64,
    last: u64,
}

/// A page of a history.
pub(crate) fn history(snapshot: &Snapshot, connection: &Connection, query: &HistoryQuery) -> Result<Page> {
    let rows = rows_in_time(connection, query)?;
    match &query.scope {
        Scope::Instance(key) => of_resource(snapshot, query, key, rows),
        Scope::Type(kind) => of_many(snapshot, connection, query, keys::kind_code(*kind), rows),
        Scope::System => of_many(snapshot, connection, query, keys::ALL_KINDS, rows),
    }
}

/// The versions of one resource: they are few, or at least each is asked for, so that all are counted.
fn of_resource(snapshot: &Snapshot, query: &HistoryQuery, key: &Key, rows: Rows) -> Result<Page> {
    let (mut hits, mut next, mut total) = (Vec::new(), None, 0);
    let resource = snapshot.head(query.tenant, key)?.map(|head| head.resource);
    for head in resource.into_iter().flat_map(|resource| snapshot.versions(query.tenant, resource)) {
        let head = head?;
        if head.row < rows.first || head.row > rows.last {
            continue;
        }
        total += 1;
        if query.before.is_some_and(|before| head.row >= before) {
            continue;
        }
        if hits.len() < query.count as usize {
            hits.push((head, key.clone()));
        } else {
            next = hits.last().map(|(head, _): &(Head, Key)| head.row);
        }
    }
    Ok(Page { hits, next, total })
}

fn of_many(snapshot: &Snapshot, connection: &Connection, query: &HistoryQuery, code: u8, rows: Rows) -> Result<Page> {
    let mut page = Page { hits: Vec::new(), next: None, total: 0 };
    if rows.first > rows.last {
        return Ok(page);
    }
    let key = |row| keys::history(query.tenant, code, row);
    let erased = |row| keys::erased(query.tenant, code, row);
    let whole = || snapshot.at.range(key(rows.last)..=key(rows.first));
    let mut ends = whole();
    let Some(newest) = ends.next() else {
        return Ok(page);
    };
    let newest = Written::decode(&newest?.1)?.ordinal;
    let oldest = match ends.next_back() {
        Some(oldest) => Written::decode(&oldest?.1)?.ordinal,
        None => newest,
    };
    let gone = snapshot.at.range(erased(rows.last)..=erased(rows.first)).count() as u64;
    page.total = (newest + 1).saturating_sub(oldest).saturating_sub(gone);
    let last = rows.last.min(query.before.map_or(u64::MAX, |before| before.saturating_sub(1)));
    if last < rows.first {
        return Ok(page);
    }
    for guard in snapshot.at.range(key(last)..=key(rows.first)) {
        let row = keys::history_row(&guard?.0)?;
        if snapshot.at.has(erased(row))? {
            continue;
        }
        if page.hits.len() == query.count as usize {
            page.next = page.hits.last().map(|(head, _)| head.row);
            break;
        }
        page.hits.push(hit(connection, row)?);
    }
    Ok(page)
}

fn hit(connection: &Connection, row: u64) -> Result<(Head, Key)> {
    let mut statement = connection.prepare_cached(sql::VERSION_HEAD)?;
    let mut rows = statement.query([row as i64])?;
    let Some(found) = rows.next()? else {
        return Err(StoreError::Damaged(format!("there is no row {row}")));
    };
    let key = log::key_of(found.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, found.get(1)?)?;
    let state = log::state_of(found.get(3)?, row)?;
    Ok((Head { resource: 0, row, version: found.get::<_, i64>(2)? as u64, at: found.get(4)?, state }, key))
}

/// The rows written in the time that is asked for.
fn rows_in_time(connection: &Connection, query: &HistoryQuery) -> Result<Rows> {
    let mut rows = Rows { first: 1, last: u64::MAX };
    if query.since.is_none() && query.until.is_none() {
        return Ok(rows);
    }
    let last = last_sequence(connection, query.tenant)?;
    if let Some(since) = query.since {
        let sequence = first_commit(connection, query.tenant, last, |at| at >= since)?;
        rows.first = feed::commit_at(connection, query.tenant, sequence)?.map_or(u64::MAX, |commit| commit.first_row);
    }
    if let Some(until) = query.until {
        let sequence = first_commit(connection, query.tenant, last, |at| at > until)?;
        if let Some(commit) = feed::commit_at(connection, query.tenant, sequence)? {
            rows.last = commit.first_row.saturating_sub(1);
        }
    }
    Ok(rows)
}

fn last_sequence(connection: &Connection, tenant: Tenant) -> Result<u64> {
    let last: Option<i64> = connection.prepare_cached(sql::LAST_SEQUENCE)?.query_row([tenant.0], |row| row.get(0))?;
    Ok(last.unwrap_or(0) as u64)
}

/// The first commit whose moment passes; the one after the last when none does. Once one passes, all later ones do.
fn first_commit(connection: &Connection, tenant: Tenant, last: u64, passes: impl Fn(Instant) -> bool) -> Result<u64> {
    let (mut low, mut high) = (1, last + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let Some(commit) = feed::commit_at(connection, tenant, middle)? else {
            return Err(StoreError::Damaged(format!("there is no commit {middle}")));
        };
        if passes(commit.at) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}
