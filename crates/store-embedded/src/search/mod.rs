//! Searches: a filter is read from the index as one leading clause, in the order of the answer where that goes, and the
//! other clauses are checked against what it brings.
//!
//! - [`view`]: what a search sees.
//! - [`access`]: the ways in which the index can find what passes a clause; [`chain`] makes them for chains and `_has`.
//! - [`probe`]: which clause leads.
//! - [`stream`], [`scan`]: reading entries in order.
//! - [`found`]: what passes, one at a time.
//! - [`window`]: the part of the natural order that dates leave.
//! - [`order`]: orders that are asked for.
//! - [`mod@include`]: resources that come along.
//! - [`budget`]: what it may cost.
//!
//! What a filter *means* is stated in `store::matches`; whatever is found here by a shorter way is the same.

pub(crate) mod access;
pub(crate) mod budget;
pub(crate) mod chain;
pub(crate) mod found;
pub(crate) mod include;
pub(crate) mod order;
pub(crate) mod probe;
pub(crate) mod scan;
pub(crate) mod stream;
pub(crate) mod view;
pub(crate) mod window;

use fhir::definitions::ResourceType;
use store::commit::Key;
use store::matches::{passes, score};
use store::query::{Filter, Page as QueryPage, Place, Query, Sort, SortBy, Subject};

use crate::error::StoreError;
use crate::index::keys;
use budget::Result;
use found::Found;
use include::Hit;
use view::View;

/// What a search finds, without the texts.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) matches: Vec<Hit>,
    pub(crate) scores: Vec<u16>,
    pub(crate) included: Vec<Hit>,
    pub(crate) truncated: bool,
    pub(crate) prev: Option<Place>,
    pub(crate) next: Option<Place>,
    pub(crate) total: Option<u64>,
}

/// The order of a search that asks for none.
const NEWEST_FIRST: [Sort; 1] = [Sort { by: SortBy::Date, descending: true }];

/// Runs a search.
pub(crate) fn search(view: &View<'_>, query: &Query) -> Result<Page> {
    let mut page = match (query.subjects.as_slice(), &query.page) {
        ([only], QueryPage::First | QueryPage::After(_)) if order::is_natural(&query.sort) => in_order(view, query, only)?,
        _ => sorted(view, query)?,
    };
    (page.included, page.truncated) = include::include(view, &page.matches, &query.include)?;
    if !query.rank.is_empty() {
        for (head, _) in &page.matches {
            page.scores.push(score(&query.rank, &view.entries(head.resource)?));
        }
    }
    Ok(page)
}

/// The page of a search in natural order. It ends with the page, unless all have to be counted.
fn in_order(view: &View<'_>, query: &Query, subject: &Subject) -> Result<Page> {
    let after = match &query.page {
        QueryPage::After(place) => {
            Some(order::natural_tail(place).ok_or_else(|| StoreError::Damaged("the place of the page is not of its order".to_owned()))?)
        }
        _ => None,
    };
    let most = query.count as usize;
    if most == 0 && !query.total {
        return Ok(Page::default());
    }
    let mut found = Found::new(view, subject.kind, &subject.filter, after.filter(|_| !query.total))?;
    let (mut page, mut more, mut total) = (Vec::new(), false, 0);
    while let Some(tail) = found.next()? {
        total += 1;
        if after.is_some_and(|after| tail <= after) {
            continue;
        }
        if page.len() < most {
            page.push(tail);
        } else {
            more = true;
            if !query.total {
                break;
            }
        }
    }
    let prev = page.first().filter(|_| after.is_some()).map(|tail| order::natural_place(*tail));
    let next = page.last().filter(|_| more).map(|tail| order::natural_place(*tail));
    let matches = page.into_iter().map(|tail| view.by_number(keys::tail_parts(tail).1)).collect::<std::result::Result<_, _>>()?;
    Ok(Page { matches, prev, next, total: query.total.then_some(total), ..Page::default() })
}

/// The page of a search in another order.
fn sorted(view: &View<'_>, query: &Query) -> Result<Page> {
    let most = query.count as usize;
    let order = if query.sort.is_empty() { &NEWEST_FIRST[..] } else { &query.sort };
    let mut first = order::First::new(order, query, most.saturating_add(1));
    let mut total = 0;
    for subject in &query.subjects {
        let mut found = Found::new(view, subject.kind, &subject.filter, None)?;
        while let Some(tail) = found.next()? {
            total += 1;
            if most > 0 {
                first.add(view, tail)?;
            }
        }
    }
    let mut page = first.finish();
    let more = page.len() > most;
    page.truncate(most);
    let (has_prev, has_next) = match query.page {
        QueryPage::First => (false, more),
        QueryPage::After(_) => (true, more),
        QueryPage::Before(_) => {
            page.reverse();
            (more, true)
        }
    };
    let prev = page.first().filter(|_| has_prev).map(|placed| placed.place.clone());
    let next = page.last().filter(|_| has_next).map(|placed| placed.place.clone());
    let matches = page.into_iter().map(|placed| (placed.head, placed.key)).collect();
    Ok(Page { matches, prev, next, total: query.total.then_some(total), ..Page::default() })
}

/// The first two resources that pass, in natural order, as the commits of a group that came before have left them.
pub(crate) fn first_matches(view: &View<'_>, kind: ResourceType, filter: &Filter) -> Result<Vec<Key>> {
    let mut tails = Vec::new();
    let mut found = Found::new(view, kind, filter, None)?;
    while tails.len() < 2
        && let Some(tail) = found.next()?
    {
        let (_, key) = view.by_number(keys::tail_parts(tail).1)?;
        if !view.is_changed(&key) {
            tails.push((tail, key));
        }
    }
    for (tail, candidate) in view.changed(kind) {
        if passes(filter, &candidate, view)? {
            tails.push((tail, candidate.key.into_owned()));
        }
    }
    tails.sort_unstable();
    tails.truncate(2);
    Ok(tails.into_iter().map(|(_, key)| key).collect())
}
