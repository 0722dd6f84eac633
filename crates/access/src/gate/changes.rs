//! The change feed of what is seen.

use std::collections::HashSet;

use store::commit::{Key, Sequence, Tenant};
use store::contract::ReadError;
use store::query::Change;

use super::Gate;
use super::judge::Judge;
use super::visible::{self, Seen};
use crate::grant::{Act, Verdict};

/// How many commits one call goes through at most.
const MAX_CHANGES: u32 = 10_000;

/// Commits by the right to search: of each those versions that are seen, and none of which nothing is. Messages are the server's own, and are told to those
/// only who may find everything.
///
/// [`ReadError::TooCostly`] when none of the next 10,000 commits has anything to tell.
pub(super) async fn changes(gate: &Gate, tenant: Tenant, after: Sequence, limit: u32) -> Result<Vec<Change>, ReadError> {
    if gate.grant.allows_all(Act::Search) {
        return gate.store.changes(tenant, after, limit).await;
    }
    let (mut after, mut looked_at) = (after, 0);
    while looked_at < MAX_CHANGES {
        let changes = gate.store.changes(tenant, after, limit).await?;
        let Some(last) = changes.last() else { return Ok(Vec::new()) };
        (after, looked_at) = (last.sequence, looked_at.saturating_add(changes.len() as u32));
        let seen = those_seen(gate, tenant, changes).await?;
        if !seen.is_empty() {
            return Ok(seen);
        }
    }
    Err(ReadError::TooCostly(format!("none of {MAX_CHANGES} commits in a row has anything that you may see: begin later")))
}

async fn those_seen(gate: &Gate, tenant: Tenant, changes: Vec<Change>) -> Result<Vec<Change>, ReadError> {
    let keys: HashSet<Key> = changes.iter().flat_map(|change| &change.versions).map(|(key, ..)| key.clone()).collect();
    let seen = visible::among(gate, Act::Search, tenant, keys).await?;
    let registry = gate.parameters.current();
    let mut judge = Judge::new(&*gate.store, tenant, &registry);
    let mut told = Vec::new();
    for mut change in changes {
        let mut versions = Vec::new();
        for (key, number, is_deletion) in change.versions.drain(..) {
            let Some(those) = seen.get(&key) else { continue };
            let passes = match those {
                Seen::All => true,
                Seen::Where(_) => match gate.store.vread(tenant, &key, number).await? {
                    Some(version) => those.has(gate, &mut judge, tenant, &version).await?,
                    None => false,
                },
            };
            if passes {
                versions.push((key, number, is_deletion));
            }
        }
        // Of what is erased nothing is left that a rule could be put to.
        change.erased.retain(|erased| *gate.grant.verdict(erased.key.kind, Act::Search) == Verdict::Allowed);
        change.versions = versions;
        change.events.clear();
        if !change.versions.is_empty() || !change.erased.is_empty() {
            told.push(change);
        }
    }
    Ok(told)
}
