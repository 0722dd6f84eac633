//! Which entries can be reached from the first by references.

use super::references::each;
use super::resolve::{Found, Index};

/// For each entry, whether it can be reached.
pub(super) struct Reachable {
    /// By following references from the first entry.
    pub(super) forwards: Vec<bool>,
    /// By following them in either direction.
    pub(super) both: Vec<bool>,
}

pub(super) fn reachable(index: &Index<'_>) -> Reachable {
    let count = index.entries.len();
    let mut to = vec![Vec::new(); count];
    let mut either = vec![Vec::new(); count];
    for (place, entry) in index.entries.iter().enumerate() {
        let Some(resource) = entry.get("resource") else { continue };
        each(resource, &mut |reference, _| {
            if let Found::Entry(target) = index.find(reference, place) {
                to[place].push(target);
                either[place].push(target);
                either[target].push(place);
            }
        });
    }
    Reachable { forwards: follow(&to), both: follow(&either) }
}

fn follow(links: &[Vec<usize>]) -> Vec<bool> {
    let mut is_reached = vec![false; links.len()];
    let mut waiting = vec![0];
    while let Some(place) = waiting.pop() {
        if !is_reached.get(place).copied().unwrap_or(true) {
            is_reached[place] = true;
            waiting.extend(&links[place]);
        }
    }
    is_reached
}
