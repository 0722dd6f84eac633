//! Searches over stored and built-in resources as if they were in one store: both are searched alike, and what they find is put into the order
//! that was asked for. Built-in resources are older than all stored ones.

use std::collections::HashSet;

use store::Store;
use store::commit::Key;
use store::matches::compare_places;
use store::query::{Answer, Filter, Page, Place, Query, Sort, SortBy, Subject, Version};

use super::{Loaded, TENANT, has};
use crate::operation::tree;
use crate::{Context, Error};

/// Marks the place of a built-in resource: no row of a store has such a number.
const BUILTIN: u64 = 1 << 63;

/// The order of a search that asks for none.
const NEWEST_FIRST: [Sort; 1] = [Sort { by: SortBy::Date, descending: true }];

/// How many stored resources are looked at at once for those that take the place of built-in ones.
const CHUNK: u32 = 1000;

/// What a search finds, built-in resources included where it is for types that have them.
///
/// What is brought along is brought along by stored resources. A failure of the store.
pub(crate) async fn search(ctx: &Context, query: &Query) -> Result<Answer, Error> {
    if !query.subjects.iter().any(|subject| has(subject.kind)) {
        return Ok(ctx.store().search(query).await?);
    }
    let loaded = ctx.server.builtin.loaded(&ctx.server);
    let mut subjects = Vec::new();
    for subject in query.subjects.iter().filter(|subject| has(subject.kind)) {
        let replaced = Filter::Not(Box::new(Filter::Id(replaced(ctx, subject, &loaded).await?)));
        subjects.push(Subject { kind: subject.kind, filter: Filter::All(vec![subject.filter.clone(), replaced]) });
    }
    let page = beside(&query.page, |place| if is_builtin(place) { place.resource ^ BUILTIN } else { BUILTIN - 1 });
    let own = Query { tenant: TENANT, subjects, page, include: Vec::new(), explain: false, most_bytes: None, ..query.clone() };
    let own = loaded.store.search(&own).await?;
    let page = beside(&query.page, |place| if is_builtin(place) { 0 } else { place.resource });
    let stored = ctx.store().search(&Query { page, include: Vec::new(), most_bytes: None, ..query.clone() }).await?;
    let mut answer = merged(query, stored, own);
    if !query.include.is_empty() {
        bring_along(ctx, query, &mut answer).await?;
    }
    Ok(answer)
}

fn is_builtin(place: &Place) -> bool {
    place.resource & BUILTIN != 0
}

/// The page with the place's resource under the number that it has among the others.
fn beside(page: &Page, number: impl Fn(&Place) -> u64) -> Page {
    let moved = |place: &Place| Place { resource: number(place), keys: place.keys.clone() };
    match page {
        Page::First => Page::First,
        Page::After(place) => Page::After(moved(place)),
        Page::Before(place) => Page::Before(moved(place)),
    }
}

/// A match with its place and score.
type Found = (Place, Version, Option<u16>, Option<Vec<Key>>);

/// One page of two.
fn merged(query: &Query, stored: Answer, own: Answer) -> Answer {
    let total = stored.total.zip(own.total).map(|(stored, own)| stored + own);
    let ends = [&stored, &own];
    let (more_before, more_after) = (ends.iter().any(|part| part.prev.is_some()), ends.iter().any(|part| part.next.is_some()));
    let explanation = stored.explanation.clone();
    let mut found = each(stored, 0);
    found.extend(each(own, BUILTIN));
    let order = if query.sort.is_empty() { &NEWEST_FIRST[..] } else { &query.sort };
    // Among equals a built-in resource comes last: turned over, its mark makes its number the smallest.
    let turned = |place: &Place| Place { resource: place.resource ^ BUILTIN, keys: place.keys.clone() };
    found.sort_by(|(left, ..), (right, ..)| compare_places(order, &turned(left), &turned(right)));
    let surplus = found.len().saturating_sub(query.count as usize);
    let is_backward = matches!(query.page, Page::Before(_));
    if is_backward {
        found.drain(..surplus);
    } else {
        found.truncate(query.count as usize);
    }
    let has_prev = if is_backward { more_before || surplus > 0 } else { matches!(query.page, Page::After(_)) };
    let has_next = is_backward || more_after || surplus > 0;
    let (mut matches, mut places, mut scores, mut inside) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (place, version, score, within) in found {
        matches.push(version);
        places.push(place);
        scores.extend(score);
        inside.extend(within);
    }
    let prev = places.first().filter(|_| has_prev).cloned();
    let next = places.last().filter(|_| has_next).cloned();
    Answer { matches, places, scores, inside, included: Vec::new(), truncated: false, prev, next, total, explanation }
}

fn each(answer: Answer, mark: u64) -> Vec<Found> {
    let scores = answer.scores.into_iter().map(Some).chain(std::iter::repeat(None));
    let inside = answer.inside.into_iter().map(Some).chain(std::iter::repeat(None));
    let places = answer.places.into_iter().map(|place| Place { resource: place.resource | mark, ..place });
    places.zip(answer.matches).zip(scores.zip(inside)).map(|((place, version), (score, inside))| (place, version, score, inside)).collect()
}

/// Adds what the stored resources of the page bring along.
async fn bring_along(ctx: &Context, query: &Query, answer: &mut Answer) -> Result<(), Error> {
    let stored = answer.places.iter().zip(&answer.matches).filter(|(place, _)| !is_builtin(place));
    let keys: Vec<&Key> = stored.map(|(_, version)| &version.key).collect();
    let of_kind = |kind| keys.iter().filter(move |key| key.kind == kind).map(|key| key.id.clone()).collect::<Vec<_>>();
    let subjects = query.subjects.iter().map(|subject| Subject { kind: subject.kind, filter: Filter::Id(of_kind(subject.kind)) }).collect();
    let again = Query { subjects, sort: Vec::new(), page: Page::First, total: false, rank: Vec::new(), explain: false, ..query.clone() };
    let found = ctx.store().search(&again).await?;
    (answer.included, answer.truncated) = (found.included, found.truncated);
    Ok(())
}

/// The ids of built-in resources in whose place a stored one stands: with the same id, or the same canonical address.
async fn replaced(ctx: &Context, subject: &Subject, loaded: &Loaded) -> Result<Vec<Box<str>>, Error> {
    let mut query = Query { count: CHUNK, ..Query::new(ctx.tenant, subject.kind, Filter::everything()) };
    let (mut ids, mut urls): (HashSet<Key>, HashSet<String>) = (HashSet::new(), HashSet::new());
    loop {
        let answer = ctx.store().search(&query).await?;
        for version in answer.matches {
            urls.extend(tree(&version)?.text("url").map(str::to_owned));
            ids.insert(version.key);
        }
        match answer.next {
            Some(place) => query.page = Page::After(place),
            None => break,
        }
    }
    let stands = |(url, key): &&(String, Key)| key.kind == subject.kind && (ids.contains(key) || urls.contains(url));
    Ok(loaded.urls.iter().filter(stands).map(|(_, key)| key.id.clone()).collect())
}
