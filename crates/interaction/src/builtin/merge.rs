//! Searches over stored and built-in resources: the stored ones first, then the built-in ones, each in the order asked for.

use std::collections::HashSet;

use store::Store;
use store::commit::Key;
use store::query::{Answer, Filter, Page, Place, Query, Subject};

use super::{Loaded, TENANT, has};
use crate::operation::tree;
use crate::{Context, Error};

/// Marks the place of a built-in resource: no row of a store has such a number.
const BUILTIN: u64 = 1 << 63;

/// With [`BUILTIN`]: the place before the first of them.
const START: u64 = 1 << 62;

/// How many stored resources are looked at at once for those that take the place of built-in ones.
const CHUNK: u32 = 1000;

/// What a search finds, built-in resources included when it is for one type that has them.
///
/// A failure of the store.
pub(crate) async fn search(ctx: &Context, query: &Query) -> Result<Answer, Error> {
    let subject = match query.subjects.as_slice() {
        [subject] if has(subject.kind) => subject,
        _ => return Ok(ctx.store().search(query).await?),
    };
    let loaded = ctx.server.builtin.loaded(&ctx.server);
    let filter = Filter::All(vec![subject.filter.clone(), Filter::Not(Box::new(Filter::Id(replaced(ctx, subject, loaded).await?)))]);
    let builtin = Query {
        tenant: TENANT,
        subjects: vec![Subject { kind: subject.kind, filter }],
        include: Vec::new(),
        explain: false,
        ..query.clone()
    };
    if let Some(page) = builtin_page(&query.page) {
        // Of the stored ones only the number is wanted.
        let stored = Query { count: 0, page: Page::First, ..query.clone() };
        let stored = if query.total { Some(ctx.store().search(&stored).await?) } else { None };
        let found = loaded.store.search(&Query { page, ..builtin }).await?;
        return Ok(marked(found, stored.and_then(|stored| stored.total)));
    }
    let mut answer = ctx.store().search(query).await?;
    let left = query.count.saturating_sub(answer.matches.len() as u32);
    let is_last = answer.next.is_none();
    let more = Query { count: if is_last { left.max(1) } else { 1 }, page: Page::First, ..builtin };
    let found = loaded.store.search(&more).await?;
    answer.total = answer.total.zip(found.total).map(|(stored, builtin)| stored + builtin);
    if query.count == 0 || !is_last {
        return Ok(answer);
    }
    if left == 0 {
        let keys = found.next.as_ref().or(found.prev.as_ref()).map_or(query.sort.len().max(1), |place| place.keys.len());
        answer.next = (!found.matches.is_empty()).then(|| Place { keys: vec![None; keys], resource: BUILTIN | START });
        return Ok(answer);
    }
    answer.next = found.next.map(mark);
    answer.matches.extend(found.matches);
    answer.scores.extend(found.scores);
    answer.inside.extend(found.inside);
    Ok(answer)
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

/// The page among the built-in resources, when it is one of theirs.
fn builtin_page(page: &Page) -> Option<Page> {
    match page {
        Page::After(place) if place.resource & BUILTIN != 0 && place.resource & START != 0 => Some(Page::First),
        Page::After(place) => Some(Page::After(unmark(place)?)),
        Page::Before(place) => Some(Page::Before(unmark(place)?)),
        Page::First => None,
    }
}

fn unmark(place: &Place) -> Option<Place> {
    (place.resource & BUILTIN != 0).then(|| Place { keys: place.keys.clone(), resource: place.resource & !(BUILTIN | START) })
}

fn mark(place: Place) -> Place {
    Place { resource: place.resource | BUILTIN, ..place }
}

fn marked(found: Answer, stored: Option<u64>) -> Answer {
    let total = found.total.zip(stored).map(|(builtin, stored)| builtin + stored);
    Answer { next: found.next.map(mark), prev: found.prev.map(mark), total, ..found }
}
