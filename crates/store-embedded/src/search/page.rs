//! The page that is asked for.

use std::collections::VecDeque;

use store::query::{Page as Asked, Place, Query, Step, Work};

use super::budget::Result;
use super::include::Hit;
use super::meter::{Meter, measure};
use super::order::{self, First, Order, Placed};
use super::stream::Tail;
use super::union::Union;
use super::view::View;
use super::walk::walk;
use super::window::Window;
use crate::error::StoreError;
use crate::index::keys;

/// A page.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) matches: Vec<Hit>,
    pub(crate) places: Vec<Place>,
    pub(crate) prev: Option<Place>,
    pub(crate) next: Option<Place>,
    pub(crate) total: Option<u64>,
}

impl Page {
    /// `found` are the matches of a page with their places, in order; `more` is whether there are more the way that the page goes.
    fn new(asked: &Asked, found: Vec<(Place, Hit)>, more: bool, total: Option<u64>) -> Self {
        let (has_prev, has_next) = match asked {
            Asked::First => (false, more),
            Asked::After(_) => (true, more),
            Asked::Before(_) => (more, true),
        };
        let prev = found.first().filter(|_| has_prev).map(|(place, _)| place.clone());
        let next = found.last().filter(|_| has_next).map(|(place, _)| place.clone());
        let (places, matches) = found.into_iter().unzip();
        Self { matches, places, prev, next, total }
    }
}

/// The page of a search. Says what was done for it.
pub(crate) fn page(view: &View<'_>, query: &Query, steps: &mut Vec<Step>) -> Result<Page> {
    if query.total {
        view.budget.set_remedy(", or ask for no total");
    }
    if query.count == 0 {
        let total = if query.total { Some(count(view, query, steps)?) } else { None };
        return Ok(Page { total, ..Page::default() });
    }
    if order::is_natural(&query.sort) { in_order(view, query, steps) } else { sorted(view, query, steps) }
}

/// How many match.
fn count(view: &View<'_>, query: &Query, steps: &mut Vec<Step>) -> Result<u64> {
    let mut found = Union::new(view, &query.subjects, Window::default())?;
    let total = found.count(query.is_estimated())?;
    steps.extend(found.explain());
    Ok(total)
}

/// A page in natural order.
struct InOrder {
    after: Option<Tail>,
    before: Option<Tail>,
    most: usize,
    kept: VecDeque<Tail>,
}

impl InOrder {
    fn new(query: &Query) -> Result<Self> {
        let tail =
            |place| order::natural_tail(place).ok_or_else(|| StoreError::Damaged("the place of the page is not of its order".to_owned()));
        let (after, before) = match &query.page {
            Asked::First => (None, None),
            Asked::After(place) => (Some(tail(place)?), None),
            Asked::Before(place) => (None, Some(tail(place)?)),
        };
        Ok(Self { after, before, most: query.count as usize, kept: VecDeque::new() })
    }

    /// What has to be looked at when the rest need not be counted.
    fn window(&self) -> Window {
        match (self.after, self.before) {
            (Some(after), _) => Window::after(after),
            (None, Some(before)) => Window::before(before),
            (None, None) => Window::default(),
        }
    }

    /// Keeps the place when it belongs to the page, or is the one that shows that there are more. Says whether that one is there.
    fn add(&mut self, tail: Tail, is_counting: bool) -> bool {
        if self.after.is_some_and(|after| tail <= after) || self.before.is_some_and(|before| tail >= before) {
            return false;
        }
        // When all are counted, those before a place come from the start: the last of them are kept.
        if is_counting && self.before.is_some() && self.kept.len() > self.most {
            self.kept.pop_front();
        }
        if self.kept.len() <= self.most {
            self.kept.push_back(tail);
        }
        self.kept.len() > self.most
    }

    /// The places of the page in order, and whether there are more.
    fn finish(mut self, is_counting: bool) -> (VecDeque<Tail>, bool) {
        let more = self.kept.len() > self.most;
        let (is_backward, is_reversed) = (self.before.is_some(), self.before.is_some() && !is_counting);
        if is_reversed {
            self.kept.make_contiguous().reverse();
        }
        if more && is_backward {
            self.kept.pop_front();
        }
        self.kept.truncate(self.most);
        (self.kept, more)
    }
}

/// The page of a search in natural order. It ends with the page, unless all have to be counted.
fn in_order(view: &View<'_>, query: &Query, steps: &mut Vec<Step>) -> Result<Page> {
    let mut page = InOrder::new(query)?;
    let window = if query.total { Window::default() } else { page.window() };
    let mut found = Union::new(view, &query.subjects, window)?;
    let mut total = 0;
    while let Some(tail) = found.next()? {
        total += 1;
        let has_all = page.add(tail, query.total);
        if has_all && query.total && query.is_estimated() && !matches!(query.page, Asked::Before(_)) {
            total += found.count(true)?;
            break;
        }
        if has_all && !query.total {
            break;
        }
    }
    steps.extend(found.explain());
    let (tails, more) = page.finish(query.total);
    let hits = tails.into_iter().map(|tail| Ok((order::natural_place(tail), view.by_number(keys::tail_parts(tail).1)?)));
    Ok(Page::new(&query.page, hits.collect::<Result<_>>()?, more, query.total.then_some(total)))
}

/// The page of a search in another order. Where the index has it, what comes first in it is looked at until the page is full, unless a clause names
/// few resources anyway; otherwise everything that passes is sorted.
fn sorted(view: &View<'_>, query: &Query, steps: &mut Vec<Step>) -> Result<Page> {
    if !query.total {
        view.budget.set_remedy(", or ask for no order with _sort");
    }
    let (order, most) = (Order::new(query), query.count as usize);
    let mut found = Union::new(view, &query.subjects, Window::default())?;
    let mut walked = None;
    if !found.is_small()? {
        let size = |page: &Option<Vec<_>>| page.as_ref().map_or(0, Vec::len);
        let (page, step) = measure(view, Work::Walk, size, || walk(view, query, order, most.saturating_add(1)))?;
        steps.push(step);
        walked = page.map(|page| with_rewound(view, &found, First::holding(order, most.saturating_add(1), page))).transpose()?;
    }
    let mut total = 0;
    let mut placed = match walked {
        Some(page) if !query.total => {
            steps.extend(found.explain().into_iter().filter(|step| matches!(step.work, Work::Rewind { .. })));
            page
        }
        Some(page) => {
            total = found.count(query.is_estimated())?;
            steps.extend(found.explain());
            page
        }
        None => {
            let (page, step) = all_sorted(view, &mut found, First::new(order, most.saturating_add(1)), &mut total)?;
            steps.extend(found.explain());
            steps.push(step);
            page
        }
    };
    let more = placed.len() > most;
    placed.truncate(most);
    if order.is_backward() {
        placed.reverse();
    }
    let placed = placed.into_iter().map(|placed| (placed.place, placed.hit));
    Ok(Page::new(&query.page, placed.collect(), more, query.total.then_some(total)))
}

/// What was met in an order of the index, which is that of now, together with what it lacks of a moment that is past.
fn with_rewound(view: &View<'_>, found: &Union<'_>, mut first: First<'_>) -> Result<Vec<Placed>> {
    for tail in found.rewound() {
        first.add(view, tail)?;
    }
    Ok(first.finish())
}

/// The first of everything that passes, and what it took to sort it.
fn all_sorted(view: &View<'_>, found: &mut Union<'_>, mut first: First<'_>, total: &mut u64) -> Result<(Vec<Placed>, Step)> {
    let mut meter = Meter::default();
    while let Some(tail) = found.next()? {
        *total += 1;
        let measured = meter.start(view);
        first.add(view, tail)?;
        meter.stop(view, measured);
    }
    let measured = meter.start(view);
    let placed = first.finish();
    meter.stop(view, measured);
    meter.found = placed.len() as u64;
    Ok((placed, meter.step(Work::Sort)))
}
