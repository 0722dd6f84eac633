//! A search: every resource of the type is looked at, what passes is sorted, and the page cut out.

use std::cmp::{Ordering, Reverse};

use crate::commit::{Instant, NO_DATE};
use crate::encoding::key::ordered_i64;
use crate::encoding::sort_key;
use crate::query::{Answer, Place, Query, Sort, SortBy};

use super::include::include;
use super::resources::View;
use super::state::Row;

/// The order of a search that asks for none.
const NEWEST_FIRST: [Sort; 1] = [Sort { by: SortBy::Date, descending: true }];

/// What the search finds.
pub(super) fn search(view: &View<'_>, query: &Query) -> Answer {
    let order = if query.sort.is_empty() { &NEWEST_FIRST[..] } else { &query.sort };
    let mut found: Vec<(Place, &Row)> = view.matching(query.kind, &query.filter).into_iter().map(|row| (place(row, order), row)).collect();
    let total = query.total.then_some(found.len() as u64);
    found.sort_by(|(left, _), (right, _)| compare(order, left, right));
    if let Some(after) = &query.after {
        found.retain(|(place, _)| compare(order, place, after).is_gt());
    }
    let page = &found[..found.len().min(query.count as usize)];
    let next = page.last().filter(|_| page.len() < found.len()).map(|(place, _)| place.clone());
    let rows: Vec<&Row> = page.iter().map(|(_, row)| *row).collect();
    let (included, truncated) = include(view, &rows, &query.include);
    Answer { matches: rows.into_iter().map(Row::version).collect(), included, truncated, next, total }
}

fn place(row: &Row, order: &[Sort]) -> Place {
    Place { keys: order.iter().map(|sort| key(row, sort)).collect(), resource: row.resource }
}

fn key(row: &Row, sort: &Sort) -> Option<Vec<u8>> {
    match sort.by {
        SortBy::Id => Some(row.key.id.as_bytes().to_vec()),
        SortBy::LastUpdated => Some(moment(row.at)),
        SortBy::Date => (row.date != NO_DATE).then(|| moment(row.date)),
        SortBy::Param(param) => {
            let keys = row.entries.iter().filter(|entry| entry.param == param).map(|entry| sort_key(&entry.value));
            if sort.descending { keys.max() } else { keys.min() }
        }
    }
}

fn moment(at: Instant) -> Vec<u8> {
    ordered_i64(at).to_vec()
}

/// Which of two places comes first.
fn compare(order: &[Sort], left: &Place, right: &Place) -> Ordering {
    let pairs = order.iter().zip(left.keys.iter().zip(&right.keys));
    let by_keys = pairs.map(|(sort, (left, right))| match (left, right) {
        (Some(left), Some(right)) if sort.descending => right.cmp(left),
        (Some(left), Some(right)) => left.cmp(right),
        _ => left.is_none().cmp(&right.is_none()),
    });
    by_keys.fold(Ordering::Equal, Ordering::then).then(Reverse(left.resource).cmp(&Reverse(right.resource)))
}
