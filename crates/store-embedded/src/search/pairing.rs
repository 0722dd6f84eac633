//! Clauses that a pair of the index answers together.

use std::ops::Bound;

use fhir::definitions::ResourceType;
use store::encoding::key::Kind;
use store::entry::Param;
use store::query::{AccessPath, Filter};

use super::access::{Access, MOST_LINKED, Part, Path, Range};
use super::budget::Result;
use super::view::View;
use crate::index::keys::{self, VALUE};
use crate::index::pairs::{self, Pair};

/// How many ranges two clauses are turned into.
const MOST_RANGES: usize = 8;

/// Lets two clauses be found by their pair, where there is one: those that ask for exact values become one, and one that asks for a range of values
/// is found among the resources that pass the other.
pub(crate) fn pair(view: &View<'_>, kind: ResourceType, clauses: &mut [Vec<&Filter>], accesses: &mut [Option<Access>]) -> Result<()> {
    for pair in pairs::of(kind) {
        let found = |parameter, accesses: &[Option<Access>]| accesses.iter().position(|access| is_of(view, access.as_ref(), parameter));
        let (Some(first), Some(second)) = (found(pair.first, accesses), found(pair.second, accesses)) else { continue };
        let (Some(Some(one)), Some(Some(other))) = (accesses.get(first), accesses.get(second)) else { continue };
        let Some(joined) = joined(view, pair, one, other) else { continue };
        view.budget.read()?;
        if !pairs::find_all(view.snapshot, view.tenant, kind)? {
            return Ok(());
        }
        let is_one = matches!(joined.path, Path::Values(_));
        if let Some(access) = accesses.get_mut(second) {
            *access = Some(joined);
        }
        // What is found by a range may be looked for by its first clause alone, in the order of the answer.
        if is_one && let (Some(access), Some(filters)) = (accesses.get_mut(first), clauses.get_mut(first).map(std::mem::take)) {
            *access = None;
            clauses.get_mut(second).into_iter().for_each(|clause| clause.extend(&filters));
        }
    }
    Ok(())
}

/// Whether all that a way finds are entries of a parameter with values of a kind, and pass its clause.
fn is_of(view: &View<'_>, access: Option<&Access>, (param, kind): (Param, Kind)) -> bool {
    let prefix = keys::entries_of(view.tenant, param);
    let starts = |key: &[u8], kind: u8| key.starts_with(&prefix) && key.get(VALUE) == Some(&kind);
    match access {
        Some(Access { path: Path::Values(values), is_exact: true, .. }) => {
            !values.is_empty() && values.iter().all(|value| starts(value, kind as u8))
        }
        Some(Access { path: Path::Ranges(parts), is_exact: true, .. }) if kind == Kind::Quantity => {
            let kinds = [Kind::Quantity as u8, Kind::WideQuantity as u8];
            !parts.is_empty()
                && parts.iter().all(|part| kinds.iter().any(|kind| lies_within(&part.range, |key, past| starts(key, kind + past))))
        }
        _ => false,
    }
}

/// Whether a range has keys of one kind only: it begins with one, and ends with one or before the first of the next.
fn lies_within((start, end): &Range, is_of: impl Fn(&[u8], u8) -> bool) -> bool {
    let starts = matches!(start, Bound::Included(key) | Bound::Excluded(key) if is_of(key, 0));
    let is_last = |key: &Vec<u8>| is_of(key, 0) || is_of(key, 1) && key.len() == VALUE + 1;
    starts && matches!(end, Bound::Included(key) | Bound::Excluded(key) if is_last(key))
}

/// The way by the pair to what both ways find; `None` when it would have too many parts.
fn joined(view: &View<'_>, pair: &Pair, first: &Access, second: &Access) -> Option<Access> {
    let Path::Values(firsts) = &first.path else { return None };
    let beginning = |first: &Vec<u8>| {
        let mut bytes = Vec::with_capacity(128);
        pair.put_beginning(&mut bytes, view.tenant);
        bytes.extend_from_slice(first.get(VALUE..).unwrap_or_default());
        bytes
    };
    let (most, count) = match &second.path {
        Path::Values(values) => (MOST_LINKED, values.len()),
        Path::Ranges(parts) => (MOST_RANGES, parts.len()),
        Path::Keys(_) | Path::Written(_) => return None,
    };
    if firsts.len().saturating_mul(count) > most {
        return None;
    }
    let beginnings = firsts.iter().map(beginning);
    Some(match &second.path {
        Path::Values(values) => {
            let both = |first: Vec<u8>| values.iter().map(move |value| [&first, value.get(VALUE..).unwrap_or_default()].concat());
            Access::seek(Path::Values(beginnings.flat_map(both).collect()))
        }
        Path::Ranges(parts) => {
            let both = |first: Vec<u8>| parts.iter().map(move |part| behind(&first, part));
            Access { name: AccessPath::Range, ..Access::seek(Path::Ranges(beginnings.flat_map(both).collect())) }
        }
        Path::Keys(_) | Path::Written(_) => return None,
    })
}

/// The part of a pair's entries in which the second value lies in this one, and the first is what comes before it.
fn behind(first: &[u8], part: &Part) -> Part {
    let move_key = |key: &Vec<u8>| [first, key.get(VALUE..).unwrap_or_default()].concat();
    let (start, end) = &part.range;
    Part { range: (start.as_ref().map(move_key), end.as_ref().map(move_key)), value_at: first.len(), test: part.test.clone() }
}
