//! The resources of a snapshot that pass a filter, in natural order, one at a time.

use std::borrow::Cow;

use fhir::definitions::ResourceType;
use fjall::Readable;
use store::commit::Key;
use store::matches::{Candidate, passes};
use store::query::Filter;

use super::access::{self, Access, Path};
use super::budget::{MOST_SORTED, Result, SearchError};
use super::probe;
use super::stream::{self, Merge, Tail};
use super::view::View;
use crate::index::{keys, listed};

/// How many values of a clause are looked up one by one for each candidate.
const MOST_LOOKUPS: usize = 4;

/// How many of the newest resources are looked at before a wide range of keys is collected and sorted.
const NEWEST: usize = 4_000;

/// What passes, in natural order.
pub(crate) struct Found<'v> {
    view: &'v View<'v>,
    source: Source,
    /// Clauses that a candidate passes when it has one of these entries.
    lookups: Vec<Vec<Vec<u8>>>,
    /// Clauses for which its entries are looked at.
    checks: Vec<&'v Filter>,
}

enum Source {
    Ordered(Merge),
    Sorted(std::vec::IntoIter<Tail>),
    /// The newest first, as long as it goes; then the ranges, which begin behind the last one looked at.
    Newest {
        newest: Merge,
        left: usize,
        ranges: Vec<access::Range>,
        last: Option<Tail>,
    },
}

impl<'v> Found<'v> {
    /// From behind `after` on, or from the start.
    pub(crate) fn new(view: &'v View<'v>, kind: ResourceType, filter: &'v Filter, after: Option<Tail>) -> Result<Self> {
        let mut clauses = Vec::new();
        flatten(filter, &mut clauses);
        let mut accesses = Vec::with_capacity(clauses.len());
        for clause in &clauses {
            accesses.push(access::access(view, kind, clause)?);
        }
        let leader = probe::leader(view, &accesses)?;
        let (path, skip, few) = match leader {
            Some((place, count)) => match accesses.get_mut(place).and_then(Option::take) {
                Some(led) => (led.path, led.is_exact.then_some(place), count.is_some()),
                None => (access::every(view, kind), None, false),
            },
            None => (access::every(view, kind), None, false),
        };
        let source = match path {
            Path::Values(values) => Source::Ordered(Merge::new(view, &values, after)?),
            Path::Keys(keys) => Source::Sorted(behind(tails_of(view, kind, keys)?, after)),
            Path::Ranges(ranges) if few => Source::Sorted(behind(collect(view, &ranges)?, after)),
            Path::Ranges(ranges) => {
                let Path::Values(all) = access::every(view, kind) else { return Err(unsorted()) };
                Source::Newest { newest: Merge::new(view, &all, after)?, left: NEWEST, ranges, last: after }
            }
        };
        let (mut lookups, mut checks) = (Vec::new(), Vec::new());
        // While the newest are looked at, the leading clause has to be checked as well: a range is then not exact.
        let skip = skip.filter(|_| !matches!(source, Source::Newest { .. }));
        for (place, (clause, access)) in clauses.into_iter().zip(accesses).enumerate() {
            match access {
                _ if skip == Some(place) => {}
                Some(Access { path: Path::Values(values), is_exact: true }) if values.len() <= MOST_LOOKUPS => lookups.push(values),
                _ => checks.push(clause),
            }
        }
        Ok(Self { view, source, lookups, checks })
    }

    /// The next that passes.
    pub(crate) fn next(&mut self) -> Result<Option<Tail>> {
        while let Some(tail) = self.candidate()? {
            self.view.budget.step()?;
            if self.is_there(tail)? && self.passes(tail)? {
                return Ok(Some(tail));
            }
        }
        Ok(None)
    }

    fn candidate(&mut self) -> Result<Option<Tail>> {
        let (newest, left, ranges, last) = match &mut self.source {
            Source::Ordered(merge) => return merge.next(),
            Source::Sorted(tails) => return Ok(tails.next()),
            Source::Newest { newest, left, ranges, last } => (newest, left, ranges, last),
        };
        if *left > 0 {
            *left -= 1;
            let tail = newest.next()?;
            *last = tail;
            return Ok(tail);
        }
        let mut rest = behind(collect(self.view, ranges)?, *last);
        let next = rest.next();
        self.source = Source::Sorted(rest);
        Ok(next)
    }

    /// Whether the candidate has an entry for each clause that asks for exact values.
    fn is_there(&self, tail: Tail) -> Result<bool> {
        for values in &self.lookups {
            let mut found = false;
            for value in values {
                let key = [value, &tail[..]].concat();
                found = found || self.view.snapshot.at.contains_key(&self.view.snapshot.index.entries, key)?;
            }
            if !found {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn passes(&self, tail: Tail) -> Result<bool> {
        if self.checks.is_empty() {
            return Ok(true);
        }
        let resource = keys::tail_parts(tail).1;
        let (head, key) = self.view.by_number(resource)?;
        let entries = self.view.entries(resource)?;
        let candidate = Candidate { key: Cow::Owned(key), last_updated: head.at, entries: entries.into() };
        for check in &self.checks {
            if !passes(check, &candidate, self.view)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The clauses of a filter that all have to be true.
fn flatten<'f>(filter: &'f Filter, clauses: &mut Vec<&'f Filter>) {
    match filter {
        Filter::All(filters) => filters.iter().for_each(|each| flatten(each, clauses)),
        other => clauses.push(other),
    }
}

fn collect(view: &View<'_>, ranges: &[access::Range]) -> Result<Vec<Tail>> {
    stream::collect(view, ranges, MOST_SORTED)?.ok_or_else(unsorted)
}

fn unsorted() -> SearchError {
    SearchError::TooCostly(format!("more than {MOST_SORTED} resources would have to be sorted: narrow the search, or its range of values"))
}

fn behind(tails: Vec<Tail>, after: Option<Tail>) -> std::vec::IntoIter<Tail> {
    let first = after.map_or(0, |after| tails.partition_point(|tail| *tail <= after));
    let mut rest = tails.into_iter();
    if first > 0 {
        rest.nth(first - 1);
    }
    rest
}

/// The places of resources of the type that are there.
fn tails_of(view: &View<'_>, kind: ResourceType, keys: Vec<Key>) -> Result<Vec<Tail>> {
    let mut tails = Vec::with_capacity(keys.len());
    for key in keys.into_iter().filter(|key| key.kind == kind) {
        view.budget.step()?;
        let Some(head) = view.snapshot.head(view.tenant, &key)?.filter(|head| !head.is_deleted()) else {
            continue;
        };
        if let Some(list) = view.snapshot.list(view.tenant, head.resource)? {
            tails.push(keys::tail(listed::decode(&list)?.0, head.resource));
        }
    }
    tails.sort_unstable();
    tails.dedup();
    Ok(tails)
}
