//! Expectations: what must be true at the moment of a commit.

use std::time::Duration;

use fhir::definitions::ResourceType;
use store::commit::{Commit, CommitError, Conflict, Expect, Key, Tenant};
use store::query::Filter;

use super::group::{Group, Refusal};
use crate::search::budget::{Budget, SearchError};
use crate::search::first_matches;
use crate::search::view::View;

/// How long a condition may take: everybody else waits meanwhile.
const MOST_TIME: Duration = Duration::from_secs(2);

/// Judges the commit's expectations, in their order.
pub(crate) fn judge(group: &Group<'_>, commit: &Commit) -> Result<(), Refusal> {
    for expect in &commit.expect {
        match expect {
            Expect::Version(key, expected) => version(group, commit.tenant, key, *expected)?,
            Expect::Exists(key) => {
                if !exists(group, commit.tenant, key)? {
                    return Err(Conflict::Missing(key.clone()).into());
                }
            }
            Expect::Absent(key) => {
                if exists(group, commit.tenant, key)? {
                    return Err(Conflict::Exists(key.clone()).into());
                }
            }
            Expect::NoMatch(kind, filter) => {
                let found = matches(group, commit.tenant, *kind, filter)?;
                if !found.is_empty() {
                    return Err(Conflict::Matches { kind: *kind, found }.into());
                }
            }
            Expect::OnlyMatch(key, filter) => {
                let found = matches(group, commit.tenant, key.kind, filter)?;
                if found.len() != 1 || found.first() != Some(key) {
                    return Err(Conflict::Matches { kind: key.kind, found }.into());
                }
            }
        }
    }
    Ok(())
}

/// The first two that match, as the commits before this one left them.
fn matches(group: &Group<'_>, tenant: Tenant, kind: ResourceType, filter: &Filter) -> Result<Vec<Key>, Refusal> {
    let missing = group.shared.missing();
    if !missing.is_empty() && filter.mentions(&|param| missing.contains(&param)) {
        return Err(Refusal::Alone(CommitError::Indexing(group.shared.indexing_now())));
    }
    let view = View::new(&group.snapshot, Some(&group.changes), tenant, Budget::new(MOST_TIME));
    let filter = group.index.filter(tenant, filter).map_err(|e| Refusal::Alone(e.into()))?;
    first_matches(&view, kind, &filter).map_err(|e| match e {
        SearchError::Store(e) => e.into(),
        costly => Refusal::Alone(costly.into()),
    })
}

fn version(group: &Group<'_>, tenant: Tenant, key: &Key, expected: u64) -> Result<(), Refusal> {
    let found = group.head(tenant, key)?.filter(|head| !head.is_erased()).map_or(0, |head| head.version);
    if found != expected {
        return Err(Conflict::Version { key: key.clone(), expected, found }.into());
    }
    Ok(())
}

fn exists(group: &Group<'_>, tenant: Tenant, key: &Key) -> Result<bool, Refusal> {
    Ok(group.head(tenant, key)?.is_some_and(|head| !head.is_deleted()))
}
