//! Orders that the index has: resources are met in the order asked for, and looked at until the page is full.
//!
//! The first key of the order is walked along: ids, moments of writing, dates, or the values of a parameter. Resources with the same key make a
//! group, which is sorted by the rest of the order.

use std::collections::BTreeSet;
use std::ops::Bound;

use store::commit::{Key, NO_DATE};
use store::encoding::key::Kind;
use store::encoding::sort_key_of;
use store::matches::{Candidate, passes};
use store::query::{Query, SortBy};

use super::access::Range;
use super::budget::Result;
use super::order::{self, Order, Placed};
use super::past::Past;
use super::view::View;
use super::{access, scan, written};
use crate::error::StoreError;
use crate::index::head::{Head, Written};
use crate::index::keys;
use crate::index::tree::{Pairs, Slice};

/// How many resources are looked at before it is given up: where so few of them match, what matches is better sorted.
const MOST_CHECKED: usize = 5_000;

/// How many entries are read before it is given up.
const MOST_READ: usize = 500_000;

/// The first resources in the order, `most` of them, those nearest to the bound of the page first. `None` when the index has not this order, when it
/// was given up, or when it came to the resources without a value, which come last and are in no order.
pub(crate) fn walk(view: &View<'_>, query: &Query, order: Order<'_>, most: usize) -> Result<Option<Vec<Placed>>> {
    let Some(mut groups) = Groups::new(view, query, order)? else {
        return Ok(None);
    };
    let (mut page, mut checked) = (Vec::new(), 0);
    while let Some((key, members)) = groups.next()? {
        let mut group = Vec::new();
        for resource in members {
            if order.sort.len() == 1 && page.len() + group.len() == most {
                break;
            }
            if order.sort.len() == 1 && !order.is_beyond(&store::query::Place { keys: vec![Some(key.clone())], resource }) {
                continue;
            }
            checked += 1;
            if checked > MOST_CHECKED {
                return Ok(None);
            }
            group.extend(look(view, query, order, resource, &key)?);
        }
        order.sort(&mut group);
        page.extend(group);
        page.truncate(most);
        if page.len() == most {
            return Ok(Some(page));
        }
        if groups.read > MOST_READ {
            return Ok(None);
        }
    }
    let has_all = order.is_backward() || matches!(groups.by, SortBy::Id | SortBy::LastUpdated);
    Ok(has_all.then_some(page))
}

/// The resource, when it passes, has this key, and is on the page.
fn look(view: &View<'_>, query: &Query, order: Order<'_>, resource: u64, first: &[u8]) -> Result<Option<Placed>> {
    view.budget.check()?;
    let hit = view.current(resource)?;
    // What was written since has its place of now: it is not met here.
    if view.past.as_ref().is_some_and(|past| !past.has_seen(&hit.0)) {
        return Ok(None);
    }
    let subject = query.subjects.iter().find(|subject| subject.kind == hit.1.kind);
    let (Some(subject), Some((date, entries))) = (subject, view.listed(resource)?) else {
        return Ok(None);
    };
    let place = order.place(&hit, date, &entries);
    if place.keys.first().and_then(Option::as_deref) != Some(first) || !order.is_beyond(&place) {
        return Ok(None);
    }
    let candidate = Candidate { key: std::borrow::Cow::Borrowed(&hit.1), last_updated: hit.0.at, entries: entries.into() };
    let is_found = passes(&subject.filter, &candidate, view)?;
    Ok(is_found.then_some(Placed { place, hit }))
}

/// The resources in the order of a key, group by group.
struct Groups<'v> {
    view: &'v View<'v>,
    by: &'v SortBy,
    sources: Vec<Pairs>,
    /// What each source has next: its key and the resource.
    heads: Vec<Option<(Vec<u8>, u64)>>,
    /// Whether keys grow.
    is_upward: bool,
    is_backward: bool,
    read: usize,
}

impl<'v> Groups<'v> {
    fn new(view: &'v View<'v>, query: &'v Query, order: Order<'v>) -> Result<Option<Self>> {
        let Some(first) = order.sort.first() else {
            return Ok(None);
        };
        let from = match order.bound().map(|place| place.keys.first()) {
            None => None,
            Some(Some(Some(key))) => Some(key.as_slice()),
            // Those without a value are in no order.
            Some(_) => return Ok(None),
        };
        let is_upward = first.descending == order.is_backward();
        let Some(ranges) = ranges(view, query, &first.by, from, is_upward)? else {
            return Ok(None);
        };
        let ranges = ranges.into_iter().filter(|range| !scan::is_empty(range));
        let sources: Vec<Pairs> = ranges.map(|range| view.snapshot.at.range(range)).collect();
        let heads = sources.iter().map(|_| None).collect();
        let mut groups = Self { view, by: &first.by, sources, heads, is_upward, is_backward: order.is_backward(), read: 0 };
        for place in 0..groups.sources.len() {
            groups.advance(place)?;
        }
        Ok(Some(groups))
    }

    /// The next key, and the resources that have it: the youngest first, or last on the way back.
    fn next(&mut self) -> Result<Option<(Vec<u8>, Vec<u64>)>> {
        let known = self.heads.iter().flatten().map(|(key, _)| key);
        let Some(key) = if self.is_upward { known.min() } else { known.max() }.cloned() else {
            return Ok(None);
        };
        let mut members = BTreeSet::new();
        for place in 0..self.heads.len() {
            while let Some(Some((_, resource))) = self.heads.get(place).map(|head| head.as_ref().filter(|(found, _)| *found == key)) {
                members.insert(*resource);
                self.advance(place)?;
            }
        }
        let members = if self.is_backward { members.into_iter().collect() } else { members.into_iter().rev().collect() };
        Ok(Some((key, members)))
    }

    fn advance(&mut self, place: usize) -> Result<()> {
        // Dates and moments stand in the index newest first.
        let is_inverted = matches!(self.by, SortBy::Date | SortBy::LastUpdated);
        let mut head = None;
        while let (None, Some(source)) = (&head, self.sources.get_mut(place)) {
            let next = if self.is_upward == is_inverted { source.next_back() } else { source.next() };
            let Some(pair) = next else { break };
            self.view.budget.read()?;
            self.read += 1;
            head = read(self.by, &pair?)?;
        }
        if let Some(known) = self.heads.get_mut(place) {
            *known = head;
        }
        Ok(())
    }
}

/// The key and the resource of an entry; `None` for one that is no resource any more.
fn read(by: &SortBy, (key, value): &(Slice, Slice)) -> Result<Option<(Vec<u8>, u64)>> {
    let damaged = || StoreError::Damaged("an entry of the index is too short".to_owned());
    Ok(match by {
        SortBy::Id => {
            let head = Head::decode(value)?;
            (!head.is_deleted()).then(|| (key.get(keys::CURRENT_ID..).unwrap_or_default().to_vec(), head.resource))
        }
        SortBy::LastUpdated => {
            let written = Written::decode(value)?;
            Some((order::moment(written.at), written.resource))
        }
        SortBy::Date => {
            let (date, resource) = keys::tail_parts(keys::split_tail(key)?.1);
            Some((order::moment(date), resource))
        }
        SortBy::Params(_) | SortBy::Score => {
            let (value, tail) = keys::split_tail(key)?;
            let value = value.get(keys::VALUE..).and_then(sort_key_of).ok_or_else(damaged)?;
            Some((value.to_vec(), keys::tail_parts(tail).1))
        }
    })
}

/// Where the index has the order, from a key on; `None` when it has it not.
fn ranges(view: &View<'_>, query: &Query, by: &SortBy, from: Option<&[u8]>, is_upward: bool) -> Result<Option<Vec<Range>>> {
    // From the key on, or up to it, whichever way keys are walked.
    let cut = |(start, end): Range, from: Option<Vec<u8>>, is_growing: bool| match from {
        None => (start, end),
        Some(from) if is_growing => (Bound::Included(from), end),
        Some(from) => (start, scan::below(&from).1),
    };
    let kinds = query.subjects.iter().map(|subject| subject.kind);
    Ok(Some(match by {
        SortBy::Score => return Ok(None),
        SortBy::Id => {
            let prefix = |kind| keys::current(view.tenant, &Key::new(kind, ""));
            kinds.map(|kind| cut_id(prefix(kind), from, is_upward)).collect()
        }
        SortBy::LastUpdated => {
            let Some(from) = bound_instant(from) else { return Ok(None) };
            // At a moment that is past, what was written later is not met.
            let latest = view.past.as_ref().map_or(i64::MAX, Past::moment);
            let (first, last) = if is_upward { (from.unwrap_or(i64::MIN), i64::MAX) } else { (i64::MIN, from.unwrap_or(i64::MAX)) };
            let mut ranges = Vec::new();
            for kind in kinds {
                if let Some(rows) = written::rows(view.snapshot, view.tenant, kind, first, last.min(latest))? {
                    ranges.push(written::range(view.tenant, rows));
                }
            }
            ranges
        }
        SortBy::Date => {
            let Some(from) = bound_instant(from) else { return Ok(None) };
            let dated = |kind| {
                let value = access::every(view, kind).concat();
                let at = |tail: [u8; keys::TAIL]| [&value[..], &tail].concat();
                let oldest = at(keys::tail(NO_DATE + 1, 0));
                let all = (Bound::Included(value.clone()), Bound::Included(oldest));
                match from {
                    Some(date) if is_upward => (all.0, Bound::Included(at(keys::tail(date, 0)))),
                    Some(date) => (Bound::Included(at(keys::tail(date, u64::MAX))), all.1),
                    None => all,
                }
            };
            kinds.map(dated).collect()
        }
        SortBy::Params(params) => {
            let all = |param| {
                let prefix = keys::entries_of(view.tenant, param);
                let end = Bound::Excluded([&prefix[..], &[Kind::LongDate as u8]].concat());
                let from = from.map(|from| [&prefix[..], from].concat());
                cut((Bound::Included(prefix), end), from, is_upward)
            };
            params.iter().copied().map(all).collect()
        }
    }))
}

/// The ids that begin behind `prefix`, from one on.
fn cut_id(prefix: Vec<u8>, from: Option<&[u8]>, is_upward: bool) -> Range {
    let (start, end) = scan::below(&prefix);
    let from = from.map(|from| Bound::Included([&prefix[..], from].concat()));
    match from {
        None => (start, end),
        Some(from) if is_upward => (from, end),
        Some(from) => (start, from),
    }
}

/// The moment that a key stands for; `None` when it is no moment's.
#[expect(clippy::option_option, reason = "no key and a bad key are different things")]
fn bound_instant(from: Option<&[u8]>) -> Option<Option<i64>> {
    match from {
        None => Some(None),
        Some(key) => order::instant(key).map(Some),
    }
}
