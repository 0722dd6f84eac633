//! A search: every resource of the types is looked at, what passes is sorted, and the page cut out.

use std::time::Instant;

use crate::commit::{Instant as Moment, NO_DATE};
use crate::encoding::key::ordered_i64;
use crate::encoding::sort_key;
use crate::matches::{compare_places, score};
use crate::query::{AccessPath, Answer, Explanation, Page, Place, Query, Sort, SortBy, Step, Work};

use super::include::include;
use super::resources::View;
use super::state::Row;

/// The order of a search that asks for none.
const NEWEST_FIRST: [Sort; 1] = [Sort { by: SortBy::Date, descending: true }];

/// What the search finds.
pub(super) fn search(view: &View<'_>, query: &Query) -> Answer {
    let started = Instant::now();
    let order = if query.sort.is_empty() { &NEWEST_FIRST[..] } else { &query.sort };
    let rows = query.subjects.iter().flat_map(|subject| view.matching(subject.kind, &subject.filter));
    let mut found: Vec<(Place, &Row)> = rows.map(|row| (place(row, order, query), row)).collect();
    let total = query.total.then_some(found.len() as u64);
    found.sort_by(|(left, _), (right, _)| compare_places(order, left, right));
    let (page, has_prev, has_next) = cut(order, &found, &query.page, query.count as usize);
    let prev = page.first().filter(|_| has_prev).map(|(place, _)| place.clone());
    let next = page.last().filter(|_| has_next).map(|(place, _)| place.clone());
    let rows: Vec<&Row> = page.iter().map(|(_, row)| *row).collect();
    let (included, truncated) = include(view, &rows, query);
    let scores = if query.rank.is_empty() { Vec::new() } else { rows.iter().map(|row| score(&query.rank, &row.entries)).collect() };
    let inside =
        if query.inside.is_empty() { Vec::new() } else { rows.iter().map(|row| view.passing_inside(&query.inside, row)).collect() };
    let explanation = query.is_explained().then(|| explain(view, query, rows.len(), started));
    let places = page.iter().map(|(place, _)| place.clone()).collect();
    let mut answer = Answer {
        matches: rows.into_iter().map(Row::version).collect(),
        places,
        scores,
        inside,
        included,
        truncated,
        prev,
        next,
        total,
        explanation,
    };
    answer.keep_to(query.most_bytes.unwrap_or(usize::MAX));
    answer
}

/// The page, and whether there is one before it and one after it.
fn cut<'f, 'r>(order: &[Sort], found: &'f [(Place, &'r Row)], page: &Page, count: usize) -> (&'f [(Place, &'r Row)], bool, bool) {
    match page {
        Page::First => (&found[..found.len().min(count)], false, count < found.len()),
        Page::After(place) => {
            let rest = &found[found.partition_point(|(found, _)| compare_places(order, found, place).is_le())..];
            (&rest[..rest.len().min(count)], true, count < rest.len())
        }
        Page::Before(place) => {
            let rest = &found[..found.partition_point(|(found, _)| compare_places(order, found, place).is_lt())];
            (&rest[rest.len().saturating_sub(count)..], count < rest.len(), true)
        }
    }
}

/// This engine has one way to an answer: it looks at every resource of the types.
fn explain(view: &View<'_>, query: &Query, found: usize, started: Instant) -> Explanation {
    let took_us = started.elapsed().as_micros() as u64;
    let steps = query.subjects.iter().map(|subject| {
        let all = view.of_kind(subject.kind).len() as u64;
        let work = Work::Find { kind: subject.kind, leader: None, access: AccessPath::Every, estimate: Some(all) };
        Step { work, read: all, checked: all, found: view.matching(subject.kind, &subject.filter).len() as u64, took_us: 0 }
    });
    let sort = Step { work: Work::Sort, read: 0, checked: 0, found: found as u64, took_us };
    Explanation { steps: steps.chain([sort]).collect(), took_us }
}

fn place(row: &Row, order: &[Sort], query: &Query) -> Place {
    Place { keys: order.iter().map(|sort| key(row, sort, query)).collect(), resource: row.resource }
}

fn key(row: &Row, sort: &Sort, query: &Query) -> Option<Vec<u8>> {
    match &sort.by {
        SortBy::Id => Some(row.key.id.as_bytes().to_vec()),
        SortBy::LastUpdated => Some(moment(row.at)),
        SortBy::Date => (row.date != NO_DATE).then(|| moment(row.date)),
        SortBy::Params(params) => {
            let keys = row.entries.iter().filter(|entry| params.contains(&entry.param)).map(|entry| sort_key(&entry.value));
            if sort.descending { keys.max() } else { keys.min() }
        }
        SortBy::Score => Some(score(&query.rank, &row.entries).to_be_bytes().to_vec()),
    }
}

fn moment(at: Moment) -> Vec<u8> {
    ordered_i64(at).to_vec()
}
