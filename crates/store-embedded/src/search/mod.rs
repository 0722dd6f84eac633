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
use store::matches::passes;
use store::query::{Filter, Place, Query};

use crate::error::StoreError;
use crate::index::keys;
use budget::Result;
use found::Found;
use include::Hit;
use view::View;

/// What a search finds, without the texts.
pub(crate) struct Page {
    pub(crate) matches: Vec<Hit>,
    pub(crate) included: Vec<Hit>,
    pub(crate) truncated: bool,
    pub(crate) next: Option<Place>,
    pub(crate) total: Option<u64>,
}

/// Runs a search.
pub(crate) fn search(view: &View<'_>, query: &Query) -> Result<Page> {
    let (matches, next, total) = if order::is_natural(&query.sort) { in_order(view, query)? } else { sorted(view, query)? };
    let (included, truncated) = include::include(view, &matches, &query.include)?;
    Ok(Page { matches, included, truncated, next, total })
}

/// The page of a search in natural order. It ends with the page, unless all have to be counted.
fn in_order(view: &View<'_>, query: &Query) -> Result<(Vec<Hit>, Option<Place>, Option<u64>)> {
    let after = match &query.after {
        Some(place) => {
            Some(order::natural_tail(place).ok_or_else(|| StoreError::Damaged("the place of the page is not of its order".to_owned()))?)
        }
        None => None,
    };
    let most = query.count as usize;
    if most == 0 && !query.total {
        return Ok((Vec::new(), None, None));
    }
    let mut found = Found::new(view, query.kind, &query.filter, after.filter(|_| !query.total))?;
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
    let next = page.last().filter(|_| more).map(|tail| order::natural_place(*tail));
    let hits = page.into_iter().map(|tail| view.by_number(keys::tail_parts(tail).1)).collect::<std::result::Result<_, _>>()?;
    Ok((hits, next, query.total.then_some(total)))
}

/// The page of a search in another order.
fn sorted(view: &View<'_>, query: &Query) -> Result<(Vec<Hit>, Option<Place>, Option<u64>)> {
    let most = query.count as usize;
    let mut found = Found::new(view, query.kind, &query.filter, None)?;
    let mut first = order::First::new(&query.sort, query.after.as_ref(), most.saturating_add(1));
    let mut total = 0;
    while let Some(tail) = found.next()? {
        total += 1;
        if most > 0 {
            first.add(view, tail)?;
        }
    }
    let mut page = first.finish();
    let more = page.len() > most;
    page.truncate(most);
    let next = page.last().filter(|_| more).map(|placed| placed.place.clone());
    Ok((page.into_iter().map(|placed| (placed.head, placed.key)).collect(), next, query.total.then_some(total)))
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
