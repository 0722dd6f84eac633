//! The resources of one type that pass a filter at the moment that a search is about, in natural order, one at a time.
//!
//! Now they are what the index finds. At a moment that is past they are what it finds of those that were not written since, and those of the
//! others that passed then.

use std::borrow::Cow;
use std::iter::Peekable;

use fhir::definitions::ResourceType;
use store::matches::{Candidate, passes};
use store::query::{Filter, Step, Work};

use super::budget::Result;
use super::found::{Found, flatten, needs_entries};
use super::meter::Meter;
use super::past::{Changed, Past};
use super::stream::Tail;
use super::view::View;
use super::window::{Direction, Window};
use crate::index::keys;

/// What passes, in natural order or from its end.
pub(crate) struct Passing<'v> {
    found: Found<'v>,
    rewound: Option<Rewound>,
}

/// What passed then, of the resources that were written since.
struct Rewound {
    tails: Peekable<std::vec::IntoIter<Tail>>,
    /// What the index has next, when that is known.
    next: Option<Tail>,
    /// Whether the index has no more.
    is_last: bool,
    direction: Direction,
    step: Step,
}

impl<'v> Passing<'v> {
    /// What lies in the window, in its direction.
    pub(crate) fn new(view: &'v View<'v>, kind: ResourceType, filter: &'v Filter, window: Window) -> Result<Self> {
        let Some(past) = &view.past else {
            return Ok(Self { found: Found::new(view, kind, filter, window)?, rewound: None });
        };
        let mut meter = Meter::default();
        let measured = meter.start(view);
        let changed = past.changed(view, kind)?;
        let tails = window.cut(rewound(view, past, filter, &changed)?);
        meter.stop(view, measured);
        meter.found = tails.len() as u64;
        let step = meter.step(Work::Rewind { kind });
        let rewound = Rewound { tails: tails.into_iter().peekable(), next: None, is_last: false, direction: window.direction, step };
        Ok(Self { found: Found::new(view, kind, filter, window)?.without(changed), rewound: Some(rewound) })
    }

    /// The next that passes.
    pub(crate) fn next(&mut self) -> Result<Option<Tail>> {
        let Some(rewound) = &mut self.rewound else { return self.found.next() };
        let mut found = rewound.next.take();
        if found.is_none() && !rewound.is_last {
            found = self.found.next()?;
            rewound.is_last = found.is_none();
        }
        let direction = rewound.direction;
        let older = rewound.tails.next_if(|tail| found.is_none_or(|found| direction.key(*tail) < direction.key(found)));
        if older.is_some() {
            rewound.next = found;
            return Ok(older);
        }
        Ok(found)
    }

    /// What passed of the resources that were written since, as long as nothing was asked for.
    pub(crate) fn rewound(&self) -> impl Iterator<Item = Tail> {
        self.rewound.iter().flat_map(|rewound| rewound.tails.clone())
    }

    /// How many more pass: [`Found::count`], and those of the past.
    pub(crate) fn count(&mut self, is_estimate: bool) -> Result<u64> {
        let of_past =
            self.rewound.as_mut().map_or(0, |rewound| rewound.tails.by_ref().count() + usize::from(rewound.next.take().is_some()));
        Ok(of_past as u64 + self.found.count(is_estimate)?)
    }

    /// Whether few candidates are looked at, however many are asked for.
    pub(crate) fn is_small(&mut self) -> Result<bool> {
        self.found.is_small()
    }

    /// What it did.
    pub(crate) fn explain(&self) -> Vec<Step> {
        let rewound = self.rewound.as_ref().map(|rewound| rewound.step.clone());
        rewound.into_iter().chain([self.found.explain()]).collect()
    }
}

/// The places of the changed resources that passed then, in natural order.
fn rewound(view: &View<'_>, past: &Past<'_>, filter: &Filter, changed: &Changed) -> Result<Vec<Tail>> {
    let mut clauses = Vec::new();
    flatten(filter, &mut clauses);
    // Deriving entries costs most: what needs none is asked first.
    clauses.sort_by_key(|clause| needs_entries(clause));
    let (bare, full) = clauses.split_at(clauses.partition_point(|clause| !needs_entries(clause)));
    let all_pass = |clauses: &[&Filter], candidate: &Candidate<'_>| {
        for clause in clauses {
            if !passes(clause, candidate, view)? {
                return Ok(false);
            }
        }
        Result::Ok(true)
    };
    let mut tails = Vec::new();
    for resource in changed.older() {
        let Some((head, key)) = view.living(resource)? else { continue };
        let mut candidate = Candidate { key: Cow::Borrowed(&key), last_updated: head.at, entries: Cow::Borrowed(&[]) };
        if !all_pass(bare, &candidate)? {
            continue;
        }
        let listed = past.listed(view, &head, &key)?;
        candidate.entries = Cow::Borrowed(&listed.1);
        if all_pass(full, &candidate)? {
            tails.push(keys::tail(listed.0, resource));
        }
    }
    tails.sort_unstable();
    Ok(tails)
}
