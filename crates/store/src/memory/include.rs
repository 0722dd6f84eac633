//! Resources that a search brings along.

use std::collections::{BTreeMap, BTreeSet};

use crate::commit::Key;
use crate::entry::Param;
use crate::matches::filter::local_key;
use crate::query::{Direction, Include, MAX_INCLUDED, Query, Version};

use super::resources::View;
use super::state::Row;

/// What is brought along with `page`, and whether some was left out.
pub(super) fn include(view: &View<'_>, page: &[&Row], query: &Query) -> (Vec<Version>, bool) {
    let matches: BTreeSet<&Key> = page.iter().map(|row| &row.key).collect();
    let mut included: BTreeMap<&Key, &Row> = BTreeMap::new();
    let mut round: Vec<&Row> = page.to_vec();
    let mut is_first = true;
    let mut truncated = false;
    while !round.is_empty() && !truncated {
        let mut brought = Vec::new();
        for row in round {
            for include in query.include.iter().filter(|include| is_first || include.iterate) {
                brought.extend(include.params.iter().flat_map(|param| follow(view, row, include, *param)));
            }
        }
        round = Vec::new();
        for row in brought {
            if matches.contains(&row.key) || included.contains_key(&row.key) || !is_visible(view, row, query) {
                continue;
            }
            if included.len() == MAX_INCLUDED {
                truncated = true;
                break;
            }
            included.insert(&row.key, row);
            round.push(row);
        }
        is_first = false;
    }
    (included.into_values().map(Row::version).collect(), truncated)
}

/// Whether the resource may be seen.
fn is_visible(view: &View<'_>, row: &Row, query: &Query) -> bool {
    query.visible.as_ref().is_none_or(|visible| visible.filter(row.key.kind).is_some_and(|filter| view.passes(filter, row)))
}

/// What one parameter of an include leads to from a resource.
fn follow<'v>(view: &'v View<'_>, from: &Row, include: &Include, param: Param) -> Vec<&'v Row> {
    let is_target = |key: &Key| include.target.is_none_or(|target| key.kind == target);
    match include.direction {
        Direction::Forward if from.key.kind == include.source => {
            let values = from.entries.iter().filter(|entry| entry.param == param).map(|entry| &entry.value);
            values.filter_map(local_key).filter(is_target).filter_map(|key| view.living(&key)).collect()
        }
        Direction::Reverse if is_target(&from.key) => view.referring_rows(include.source, param, &from.key.to_string()),
        _ => Vec::new(),
    }
}
