//! Resources that a search brings along (<http://hl7.org/fhir/R4/search.html#include>).

use std::collections::{BTreeMap, HashSet};

use fhir::definitions::ResourceType;
use store::commit::Key;
use store::entry::{Entry, Param};
use store::matches::filter::local_key;
use store::query::{Direction, Filter, Include, MAX_INCLUDED, Query, Visible};

use super::budget::Result;
use super::found::one_passes;
use super::view::View;
use crate::index::head::Head;

/// A resource, and the version of it that goes out.
pub(crate) type Hit = (Head, Key);

/// What is brought along with `page`, ordered by type and id, and whether some was left out.
pub(crate) fn include(view: &View<'_>, page: &[Hit], query: &Query) -> Result<(Vec<Hit>, bool)> {
    let includes = &query.include;
    let matches: HashSet<&Key> = page.iter().map(|(_, key)| key).collect();
    let mut included: BTreeMap<Key, Head> = BTreeMap::new();
    let mut sight = Sight { visible: query.visible.as_ref(), hidden: HashSet::new() };
    let mut round: Vec<Hit> = if includes.is_empty() { Vec::new() } else { page.to_vec() };
    let mut is_first = true;
    while !round.is_empty() {
        let mut next = Vec::new();
        for from in &round {
            view.budget.check()?;
            let followed =
                |param: Param| includes.iter().any(|include| include.direction == Direction::Forward && include.params.contains(&param));
            let is_followed = includes.iter().any(|include| include.direction == Direction::Forward && include.source == from.1.kind);
            let entries = if is_followed { view.some_entries(from.0.resource, followed)? } else { Vec::new() };
            for each in includes.iter().filter(|include| is_first || include.iterate) {
                for &param in &each.params {
                    for (head, key) in follow(view, from, &entries, each, param, &sight)? {
                        if matches.contains(&key) || included.contains_key(&key) || !sight.has(view, head, &key)? {
                            continue;
                        }
                        if included.len() == MAX_INCLUDED {
                            return Ok((hits(included), true));
                        }
                        included.insert(key.clone(), head);
                        next.push((head, key));
                    }
                }
            }
        }
        round = next;
        is_first = false;
    }
    Ok((hits(included), false))
}

/// What may be seen.
struct Sight<'q> {
    visible: Option<&'q Visible>,
    /// The resources that were found to be hidden: many lead to the same.
    hidden: HashSet<u64>,
}

impl Sight<'_> {
    /// Whether some resources of the type may be seen.
    fn has_some(&self, kind: ResourceType) -> bool {
        self.visible.is_none_or(|visible| visible.filter(kind).is_some())
    }

    /// Whether the resource may be seen.
    fn has(&mut self, view: &View<'_>, head: Head, key: &Key) -> Result<bool> {
        let Some(visible) = self.visible else { return Ok(true) };
        let Some(filter) = visible.filter(key.kind) else { return Ok(false) };
        if *filter == Filter::everything() {
            return Ok(true);
        }
        if self.hidden.contains(&head.resource) {
            return Ok(false);
        }
        let passes = one_passes(view, filter, head, key)?;
        if !passes {
            self.hidden.insert(head.resource);
        }
        Ok(passes)
    }
}

fn hits(included: BTreeMap<Key, Head>) -> Vec<Hit> {
    included.into_iter().map(|(key, head)| (head, key)).collect()
}

/// What one parameter of an include leads to from a resource: at least all of it that may be seen.
fn follow(view: &View<'_>, (_, from): &Hit, entries: &[Entry], include: &Include, param: Param, sight: &Sight<'_>) -> Result<Vec<Hit>> {
    let is_target = |key: &Key| include.target.is_none_or(|target| key.kind == target);
    let mut found = Vec::new();
    match include.direction {
        Direction::Forward if from.kind == include.source => {
            let values = entries.iter().filter(|entry| entry.param == param).map(|entry| &entry.value);
            for key in values.filter_map(local_key).filter(|key| is_target(key) && sight.has_some(key.kind)) {
                view.budget.check()?;
                if let Some(head) = view.head(&key)? {
                    found.push((head, key));
                }
            }
        }
        Direction::Reverse if is_target(from) && sight.has_some(include.source) => {
            for number in view.referring_numbers(include.source, param, &from.to_string())? {
                view.budget.check()?;
                found.push(view.by_number(number)?);
            }
            found.retain(|(_, key)| key.kind == include.source);
        }
        Direction::Forward | Direction::Reverse => {}
    }
    Ok(found)
}
