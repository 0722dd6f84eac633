//! Where a role holds: the table of `docs/roles.md`, read as it stands there, and what was planted in the world.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::roles::world::Row;

/// Of each type the words that say how it belongs to a place. Groups stand for their types.
static WORDS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let page = include_str!("../../../../../../docs/roles.md");
    let table = page.split("## Where a role holds").nth(1).expect("the table");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    rows.flat_map(|(words, names)| {
        names.split(", ").flat_map(move |name| {
            let group = name.strip_prefix('*').and_then(|name| name.strip_suffix('*'));
            let types: Vec<&'static str> = match group {
                Some(group) => access::policy::group::members(group).expect("a group").iter().map(|kind| kind.name()).collect(),
                None => vec![name],
            };
            types.into_iter().map(move |name| (name, words))
        })
    })
    .collect()
});

/// Whether a resource belongs to the organization `here`: the patients `own…` do, which it manages, and their Encounters, which it serves.
pub fn is_here(row: &Row) -> bool {
    let words = *WORDS.get(row.kind.name()).unwrap_or_else(|| panic!("docs/roles.md does not say where {} belongs", row.kind.name()));
    let is_own = row.about.is_some_and(|about| about.starts_with("own"));
    match words {
        words if words.starts_with("not limited") => true,
        words if words.contains("patient") || words.contains("Encounter") => is_own,
        "served by it, or at a location in it" => is_own,
        // No other organization, location or schedule is part of it.
        _ => false,
    }
}
