//! Resources by the time at which they were written: a type's history is in the order of time, and tells the moment of each version.

use std::ops::Bound;

use fhir::definitions::ResourceType;
use store::commit::{Instant, Tenant};
use store::entry::Span;
use store::query::{AccessPath, Compare};

use super::access::{Access, Path, Range};
use super::budget::{MOST_SORTED, Result};
use super::stream::Tail;
use super::view::View;
use crate::index::head::Written;
use crate::index::{Snapshot, keys, listed};

/// The versions of a type in these rows, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) kind: ResourceType,
    pub(crate) first: u64,
    pub(crate) last: u64,
    /// How many versions there are in them.
    pub(crate) count: usize,
}

/// The way to the resources whose `meta.lastUpdated` compares so.
pub(crate) fn between(view: &View<'_>, kind: ResourceType, compare: Compare, asked: Span) -> Result<Option<Access>> {
    let after = |at: Instant| at.checked_add(1).map(|first| (first, Instant::MAX));
    let before = |at: Instant| at.checked_sub(1).map(|last| (Instant::MIN, last));
    let moments = match compare {
        Compare::Equal | Compare::Approximately => Some((asked.first, asked.last)),
        Compare::Greater | Compare::StartsAfter => after(asked.last),
        Compare::GreaterOrEqual => Some((asked.first, Instant::MAX)),
        Compare::Less | Compare::EndsBefore => before(asked.first),
        Compare::LessOrEqual => Some((Instant::MIN, asked.last)),
        Compare::NotEqual => return Ok(None),
    };
    let rows = match moments {
        Some((first, last)) => rows(view.snapshot, view.tenant, kind, first, last)?,
        None => None,
    };
    let rows = rows.unwrap_or(Rows { kind, first: 1, last: 0, count: 0 });
    Ok(Some(Access { path: Path::Written(rows), is_exact: true, name: AccessPath::Written }))
}

/// The versions of a type that were written between two moments, both included; `None` when there are none.
pub(crate) fn rows(snapshot: &Snapshot, tenant: Tenant, kind: ResourceType, first: Instant, last: Instant) -> Result<Option<Rows>> {
    let code = keys::kind_code(kind);
    let Some((last_row, written)) = newest(snapshot, tenant, code, |at| at <= last)? else {
        return Ok(None);
    };
    let before = if first == Instant::MIN { None } else { newest(snapshot, tenant, code, |at| at < first)? };
    let counted = before.map_or(0, |(_, written)| written.ordinal);
    let count = written.ordinal.saturating_sub(counted) as usize;
    Ok((count > 0).then(|| Rows { kind, first: before.map_or(1, |(row, _)| row + 1), last: last_row, count }))
}

/// The newest version of a history whose moment passes, and its row. Once one does not pass, no later one does.
fn newest(snapshot: &Snapshot, tenant: Tenant, code: u8, passes: impl Fn(Instant) -> bool) -> Result<Option<(u64, Written)>> {
    let Some((row, written)) = at_most(snapshot, tenant, code, u64::MAX)? else {
        return Ok(None);
    };
    if passes(written.at) {
        return Ok(Some((row, written)));
    }
    // All rows up to `low` pass (0: there is none), and all versions from `high` on do not.
    let (mut low, mut high, mut found) = (0, row, None);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match at_most(snapshot, tenant, code, middle)? {
            Some((row, written)) if !passes(written.at) => high = row,
            passing => {
                low = middle;
                found = passing.or(found);
            }
        }
    }
    Ok(found)
}

/// The newest version of a history in this row or one before it.
fn at_most(snapshot: &Snapshot, tenant: Tenant, code: u8, row: u64) -> Result<Option<(u64, Written)>> {
    let range = keys::history(tenant, code, row)..=keys::history(tenant, code, 0);
    let Some(guard) = snapshot.at.range(range).next() else {
        return Ok(None);
    };
    let (key, value) = guard?;
    Ok(Some((keys::history_row(&key)?, Written::decode(&value)?)))
}

/// The keys of `history` that these rows have.
pub(crate) fn range(tenant: Tenant, rows: Rows) -> Range {
    let at = |row| Bound::Included(keys::history(tenant, keys::kind_code(rows.kind), row));
    (at(rows.last), at(rows.first))
}

/// The places in natural order of the resources whose current version is in these rows; `None` when there are too many.
pub(crate) fn collect(view: &View<'_>, rows: Rows) -> Result<Option<Vec<Tail>>> {
    let mut tails = Vec::new();
    if rows.count == 0 {
        return Ok(Some(tails));
    }
    for guard in view.snapshot.at.range(range(view.tenant, rows)) {
        view.budget.read()?;
        let (key, value) = guard?;
        let resource = Written::decode(&value)?.resource;
        let (head, _) = view.current(resource)?;
        if head.row != keys::history_row(&key)? || head.is_deleted() {
            continue;
        }
        if tails.len() == MOST_SORTED {
            return Ok(None);
        }
        if let Some(list) = view.snapshot.list(view.tenant, resource)? {
            tails.push(keys::tail(listed::date(&list)?, resource));
        }
    }
    tails.sort_unstable();
    Ok(Some(tails))
}
