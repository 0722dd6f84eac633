//! Searches over stored and built-in resources as if they were in one store: both are searched alike, and what they find is put into the order
//! that was asked for. Built-in resources are older than all stored ones.

use std::sync::Arc;

use store::commit::Key;
use store::matches::compare_places;
use store::query::{Answer, Filter, Page, Place, Query, Sort, SortBy, Subject, Version};

use super::replaced::replaced;
use super::shelf::Shelf;
use crate::{Context, Error};

/// Marks the place of a built-in resource: no row of a store has such a number.
const BUILTIN: u64 = 1 << 63;

/// How many numbers each type of built-in resources has: the places of one type stand together.
const ROOM: u64 = 1 << 48;

/// The order of a search that asks for none.
const NEWEST_FIRST: [Sort; 1] = [Sort { by: SortBy::Date, descending: true }];

/// What a search finds, built-in resources included where it is for types that have them.
///
/// What is brought along is brought along by stored resources. A failure of the store.
pub(crate) async fn search(ctx: &Context, query: &Query) -> Result<Answer, Error> {
    let shelf = |subject: &Subject| Some((subject.clone(), ctx.server.builtin.shelf(&ctx.server, subject.kind)?));
    let shelves: Vec<(Subject, (usize, Arc<Shelf>))> = query.subjects.iter().filter_map(shelf).collect();
    if shelves.is_empty() {
        return Ok(ctx.store().search(query).await?);
    }
    let page = beside(&query.page, |place| Part::STORED.local(place));
    let stored = ctx.store().search(&Query { page, include: Vec::new(), most_bytes: None, ..query.clone() }).await?;
    let mut parts = vec![(Part::STORED, stored)];
    for (subject, (index, shelf)) in &shelves {
        let part = Part::of(*index);
        let replaced = Filter::Not(Box::new(Filter::Id(replaced(ctx, subject, shelf).await?)));
        let own = Subject { kind: subject.kind, filter: Filter::All(vec![subject.filter.clone(), replaced]) };
        let page = beside(&query.page, |place| part.local(place));
        parts.push((part, shelf.search(Query { subjects: vec![own], page, ..query.clone() }).await?));
    }
    let mut answer = merged(query, parts);
    write(&mut answer, &shelves, query.most_bytes.unwrap_or(usize::MAX));
    if !query.include.is_empty() {
        bring_along(ctx, query, &mut answer).await?;
    }
    Ok(answer)
}

/// Gives the built-in resources of the page their texts, up to where the page is full.
fn write(answer: &mut Answer, shelves: &[(Subject, (usize, Arc<Shelf>))], most_bytes: usize) {
    let (mut size, mut written) = (0, 0);
    for (version, place) in answer.matches.iter_mut().zip(&answer.places) {
        let shelf = shelves.iter().find(|(subject, _)| is_builtin(place) && subject.kind == version.key.kind);
        if let Some((_, (_, shelf))) = shelf {
            shelf.write(version);
        }
        size += version.text().map_or(0, |text| text.len());
        written += 1;
        if size > most_bytes {
            break;
        }
    }
    answer.matches.truncate(written);
    answer.keep_to(most_bytes);
}

fn is_builtin(place: &Place) -> bool {
    place.resource & BUILTIN != 0
}

/// The stored resources, or the built-in ones of a type, among the resources of a search: a range of numbers.
#[derive(Clone, Copy)]
struct Part {
    first: u64,
    last: u64,
}

impl Part {
    const STORED: Self = Self { first: BUILTIN, last: u64::MAX };

    /// The built-in resources of the type at this place among those that have some.
    fn of(index: usize) -> Self {
        let first = index as u64 * ROOM;
        Self { first, last: first + ROOM - 1 }
    }

    /// The number in the part behind which it goes on after a place of any part.
    fn local(self, place: &Place) -> u64 {
        turned(place.resource).clamp(self.first, self.last) - self.first
    }

    /// The number in a place of the whole search.
    fn global(self, local: u64) -> u64 {
        turned(self.first + local)
    }
}

/// Of what is equal the youngest comes first, and stored resources are younger than all built-in ones: turned over, the mark makes the
/// numbers of these the smaller ones.
fn turned(number: u64) -> u64 {
    number ^ BUILTIN
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

/// One page of several.
fn merged(query: &Query, parts: Vec<(Part, Answer)>) -> Answer {
    let total: Option<u64> = parts.iter().map(|(_, part)| part.total).sum();
    let (more_before, more_after) = (parts.iter().any(|(_, part)| part.prev.is_some()), parts.iter().any(|(_, part)| part.next.is_some()));
    let explanation = parts.first().and_then(|(_, stored)| stored.explanation.clone());
    let mut found: Vec<Found> = parts.into_iter().flat_map(|(part, answer)| each(answer, part)).collect();
    let order = if query.sort.is_empty() { &NEWEST_FIRST[..] } else { &query.sort };
    let plain = |place: &Place| Place { resource: turned(place.resource), keys: place.keys.clone() };
    found.sort_by(|(left, ..), (right, ..)| compare_places(order, &plain(left), &plain(right)));
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

fn each(answer: Answer, part: Part) -> Vec<Found> {
    let scores = answer.scores.into_iter().map(Some).chain(std::iter::repeat(None));
    let inside = answer.inside.into_iter().map(Some).chain(std::iter::repeat(None));
    let places = answer.places.into_iter().map(|place| Place { resource: part.global(place.resource), ..place });
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
