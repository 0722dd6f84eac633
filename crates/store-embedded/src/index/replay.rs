//! The tail of the truth brought into the index; from the first row on, a rebuild.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::Connection;
use store::commit::{Key, Tenant};
use store::contract::Extract;

use super::Index;
use super::head::Head;
use super::listed::Listed;
use super::update::{Changes, Grown};
use crate::error::{Result, StoreError};
use crate::options::Progress;
use crate::truth::bodies::{Bodies, Place};
use crate::truth::log::{self, LogRow};

/// How many rows are read, extracted and written at a time.
const CHUNK: u32 = 4096;

/// How many rows are worth a thread.
const FEWEST: usize = 32;

/// How many threads extract.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |count| count.get().min(8))
}

/// Brings the index up to the last row. Says how many rows it took.
pub(crate) fn catch_up(
    connection: &Connection,
    bodies: &Bodies,
    index: &Index,
    extract: &dyn Extract,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<u64> {
    let first = index.applied()?;
    let mut grown = Grown::default();
    let mut done = first;
    loop {
        let rows = log::from(connection, done + 1, CHUNK)?;
        let Some(last) = rows.last() else { break };
        let last = last.row;
        apply(index, bodies, extract, rows, &mut grown)?;
        done = last;
        on_progress(Progress { done, total: log::last_row(connection)?.max(done) });
    }
    Ok(done - first)
}

/// Brings rows that follow each other into the index, as one batch.
fn apply(index: &Index, bodies: &Bodies, extract: &dyn Extract, rows: Vec<LogRow>, grown: &mut Grown) -> Result<()> {
    let Some(applied) = rows.last().map(|row| row.row) else {
        return Ok(());
    };
    let listed = extract_all(bodies, (extract, index), &rows)?;
    let snapshot = index.snapshot();
    let mut changes = Changes::default();
    for (row, listed) in rows.into_iter().zip(listed) {
        let before = match changes.get(row.tenant, &row.key) {
            Some(touched) => Some(touched.head),
            None => snapshot.head(row.tenant, &row.key)?,
        };
        let head = Head { resource: row.resource, row: row.row, version: row.version, at: row.at, state: row.state };
        changes.add(row.tenant, row.key, (before, head), listed.map(Arc::new), None);
    }
    index.tree.wait_for_room()?;
    changes.write(index, grown, applied)
}

/// The entries of each row; `None` for deletions, and for versions that a later row of these replaces.
pub(crate) fn extract_all(bodies: &Bodies, by: (&dyn Extract, &Index), rows: &[LogRow]) -> Result<Vec<Option<Listed>>> {
    let newest: HashMap<(Tenant, &Key), u64> = rows.iter().map(|row| ((row.tenant, &row.key), row.row)).collect();
    let is_wanted = |row: &LogRow| newest.get(&(row.tenant, &row.key)) == Some(&row.row);
    let size = rows.len().div_ceil(threads()).max(FEWEST);
    let one = |part: &[LogRow]| part.iter().map(|row| if is_wanted(row) { extract_one(bodies, by, row) } else { Ok(None) }).collect();
    let one = &one;
    let parts: Vec<Result<Vec<Option<Listed>>>> = std::thread::scope(|scope| {
        let workers: Vec<_> = rows.chunks(size).map(|part| scope.spawn(move || one(part))).collect();
        let ended = || Err(StoreError::Damaged("the extraction of a stored resource panicked".to_owned()));
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| ended())).collect()
    });
    let mut all = Vec::with_capacity(rows.len());
    for part in parts {
        all.extend(part?);
    }
    Ok(all)
}

fn extract_one(bodies: &Bodies, (extract, index): (&dyn Extract, &Index), row: &LogRow) -> Result<Option<Listed>> {
    let Some(packed) = &row.body else {
        return Ok(None);
    };
    let damaged = || StoreError::Damaged(format!("the body of row {} cannot be read", row.row));
    let place = Place { tenant: row.tenant, key: &row.key, version: row.version };
    let body = match bodies.unpack(place, packed.dictionary, &packed.bytes) {
        // Nothing is to be found by what cannot be read.
        Err(StoreError::Destroyed) => return Ok(None),
        body => body?.ok_or_else(damaged)?,
    };
    let text = log::stamped(&body, row.version, row.at, packed.stamp_at).ok_or_else(damaged)?;
    let (entries, date) = extract.extract(row.key.kind, &text);
    let mut listed = index.listed(row.tenant, row.key.kind, date, &entries)?;
    listed.name(row.resource);
    Ok(Some(listed))
}
