//! What a commit expects.

use fhir::definitions::ResourceType;

use crate::commit::{Conflict, Expect, Key};
use crate::query::Filter;

use super::resources::View;

/// Whether the expectation is met.
pub(super) fn judge(view: &View<'_>, expected: &Expect) -> Result<(), Conflict> {
    match expected {
        Expect::Version(key, version) => {
            let found = view.current(key).map_or(0, |row| row.version);
            let conflict = || Conflict::Version { key: key.clone(), expected: *version, found };
            if found == *version { Ok(()) } else { Err(conflict()) }
        }
        Expect::Exists(key) => view.living(key).map(|_| ()).ok_or_else(|| Conflict::Missing(key.clone())),
        Expect::Absent(key) => view.living(key).map_or(Ok(()), |_| Err(Conflict::Exists(key.clone()))),
        Expect::NoMatch(kind, filter) => judge_matches(view, *kind, filter, &[]),
        Expect::OnlyMatch(key, filter) => judge_matches(view, key.kind, filter, std::slice::from_ref(key)),
    }
}

fn judge_matches(view: &View<'_>, kind: ResourceType, filter: &Filter, expected: &[Key]) -> Result<(), Conflict> {
    let found: Vec<Key> = view.matching(kind, filter).into_iter().take(2).map(|row| row.key.clone()).collect();
    if found == expected { Ok(()) } else { Err(Conflict::Matches { kind, found }) }
}
