//! The resources of a snapshot that pass a filter, in natural order, one at a time.
//!
//! One clause leads: its entries are the candidates. When it is not known to be small and brings little, a deeper look
//! may find a smaller one, which then takes over behind the place reached.

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
use super::window::Window;
use crate::index::{keys, listed};

/// How many values of a clause are looked up one by one for each candidate.
const MOST_LOOKUPS: usize = 4;

/// How many candidates a clause of unknown size may bring, before a smaller one is looked for.
const PATIENCE: usize = 1_000;

/// What passes, in natural order.
pub(crate) struct Found<'v> {
    view: &'v View<'v>,
    clauses: Vec<&'v Filter>,
    /// How the index finds what passes each clause.
    accesses: Vec<Option<Access>>,
    source: Source,
    /// The clause whose entries are the candidates; `None`: all resources of the type are.
    leader: Option<usize>,
    /// How many candidates it brings before a smaller one is looked for; `None`: it stays.
    left: Option<usize>,
    /// The part of the natural order that is left to look in.
    window: Window,
}

enum Source {
    Ordered(Merge),
    Sorted(std::vec::IntoIter<Tail>),
}

impl<'v> Found<'v> {
    /// From behind `after` on, or from the start.
    pub(crate) fn new(view: &'v View<'v>, kind: ResourceType, filter: &'v Filter, after: Option<Tail>) -> Result<Self> {
        let mut clauses = Vec::new();
        flatten(filter, &mut clauses);
        let mut accesses = Vec::with_capacity(clauses.len());
        let mut window = Window::default();
        for clause in &clauses {
            // What the window says need not be found by another way.
            let is_said = window.narrow(view, clause)?;
            accesses.push(if is_said { None } else { access::access(view, kind, clause)? });
        }
        let window = window.behind(after);
        let leader = probe::leader(view, &accesses, window)?;
        let path = leader.and_then(|leader| accesses.get(leader.place)?.as_ref().map(|access| &access.path));
        let source = match path {
            Some(path) => source(view, path, window.after)?,
            None => Source::Ordered(Merge::new(view, &access::every(view, kind), window.after)?),
        };
        let choices = accesses.iter().flatten().count();
        let is_settled = leader.map_or(choices == 0, |leader| leader.is_small || choices == 1);
        let left = (!is_settled).then_some(PATIENCE);
        Ok(Self { view, clauses, accesses, source, leader: leader.map(|leader| leader.place), left, window })
    }

    /// The next that passes.
    pub(crate) fn next(&mut self) -> Result<Option<Tail>> {
        while let Some(tail) = self.candidate()? {
            self.view.budget.step()?;
            if self.passes(tail)? {
                return Ok(Some(tail));
            }
        }
        Ok(None)
    }

    fn candidate(&mut self) -> Result<Option<Tail>> {
        match &mut self.left {
            Some(0) => self.choose_again()?,
            Some(left) => *left -= 1,
            None => {}
        }
        let tail = match &mut self.source {
            Source::Ordered(merge) => merge.next()?,
            Source::Sorted(tails) => tails.next(),
        };
        self.window = self.window.behind(tail);
        Ok(tail.filter(|tail| !self.window.is_over(*tail)))
    }

    /// Lets the smallest clause lead from here on, if that is another one.
    fn choose_again(&mut self) -> Result<()> {
        self.left = None;
        let Some(place) = probe::smallest(self.view, &self.accesses, self.window)?.filter(|place| self.leader != Some(*place)) else {
            return Ok(());
        };
        if let Some(Some(access)) = self.accesses.get(place) {
            self.source = source(self.view, &access.path, self.window.after)?;
            self.leader = Some(place);
        }
        Ok(())
    }

    /// Whether a candidate passes all clauses. Those that ask for few exact values are looked up at its place in natural
    /// order; for the others its entries are looked at.
    fn passes(&self, tail: Tail) -> Result<bool> {
        let mut checks = Vec::new();
        for (place, (clause, access)) in self.clauses.iter().zip(&self.accesses).enumerate() {
            match access {
                Some(access) if access.is_exact && self.leader == Some(place) => {}
                Some(Access { path: Path::Values(values), is_exact: true }) if values.len() <= MOST_LOOKUPS => {
                    if !self.has_one_of(values, tail)? {
                        return Ok(false);
                    }
                }
                _ => checks.push(*clause),
            }
        }
        if checks.is_empty() {
            return Ok(true);
        }
        let resource = keys::tail_parts(tail).1;
        let (head, key) = self.view.by_number(resource)?;
        let entries = if checks.iter().any(|check| needs_entries(check)) { self.view.entries(resource)? } else { Vec::new() };
        let candidate = Candidate { key: Cow::Owned(key), last_updated: head.at, entries: entries.into() };
        for check in checks {
            if !passes(check, &candidate, self.view)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn has_one_of(&self, values: &[Vec<u8>], tail: Tail) -> Result<bool> {
        for value in values {
            let key = [value, &tail[..]].concat();
            if self.view.snapshot.at.contains_key(&self.view.snapshot.index.entries, key)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether the answer depends on the resource's entries, and not on its key and time alone.
fn needs_entries(filter: &Filter) -> bool {
    match filter {
        Filter::Id(_) | Filter::LastUpdated(..) | Filter::Has(..) => false,
        Filter::All(filters) | Filter::Any(filters) => filters.iter().any(needs_entries),
        Filter::Not(filter) => needs_entries(filter),
        Filter::Match(..) | Filter::Present(_) | Filter::Chain(..) | Filter::Contained(..) => true,
    }
}

/// The candidates that a path brings, behind `after`.
fn source(view: &View<'_>, path: &Path, after: Option<Tail>) -> Result<Source> {
    let tails = match path {
        Path::Values(values) => return Ok(Source::Ordered(Merge::new(view, values, after)?)),
        Path::Keys(keys) => tails_of(view, keys)?,
        Path::Ranges(ranges) => stream::collect(view, ranges, MOST_SORTED)?.ok_or_else(|| {
            let narrow = "narrow the search, or its range of values";
            SearchError::TooCostly(format!("more than {MOST_SORTED} resources would have to be sorted: {narrow}"))
        })?,
    };
    let first = after.map_or(0, |after| tails.partition_point(|tail| *tail <= after));
    let mut rest = tails.into_iter();
    if first > 0 {
        rest.nth(first - 1);
    }
    Ok(Source::Sorted(rest))
}

/// The clauses of a filter that all have to be true.
fn flatten<'f>(filter: &'f Filter, clauses: &mut Vec<&'f Filter>) {
    match filter {
        Filter::All(filters) => filters.iter().for_each(|each| flatten(each, clauses)),
        other => clauses.push(other),
    }
}

/// The places of the resources that are there.
fn tails_of(view: &View<'_>, keys: &[Key]) -> Result<Vec<Tail>> {
    let mut tails = Vec::with_capacity(keys.len());
    for key in keys {
        view.budget.step()?;
        let Some(head) = view.snapshot.head(view.tenant, key)?.filter(|head| !head.is_deleted()) else {
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
