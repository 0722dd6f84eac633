//! Commits judged by what is there and by what is to be there.
//!
//! A put is a create or an update by what is there now, and the commit expects that it still is when it is applied: a race that is lost is run again.
//! What is hidden is to the commit as if it were not there, and cannot be overwritten. What a commit brings along that is no client's (audit rows, events, jobs,
//! claims, postings, numbers) passes.

mod expectations;
mod plan;

use store::commit::{Commit, CommitError, Committed, Conflict, Expect, Key};
use store::contract::ReadError;

use super::{Gate, narrow};
use crate::grant::{Act, Verdict};
use plan::{Plan, plan};

/// How often a commit is judged again because what is there has changed meanwhile.
const ATTEMPTS: usize = 8;

/// Applies a commit that the rules allow.
///
/// [`CommitError::Forbidden`] names the act and the type; [`Conflict::Missing`] is for what is hidden, as for what is not there; [`CommitError::Busy`] when others
/// change the same again and again.
pub(super) async fn commit(gate: &Gate, commit: Commit) -> Result<Committed, CommitError> {
    if gate.moment.is_some() {
        return Err(CommitError::Engine("the past does not change: a commit went to a store as it was".to_owned()));
    }
    if commit.tenant != gate.grant.principal.tenant || !commit.trails.is_empty() {
        return Err(CommitError::Forbidden("this is not your data".into()));
    }
    if is_open(gate, &commit) {
        return gate.store.commit(commit).await;
    }
    for _ in 0..ATTEMPTS {
        let Plan { commit: planned, judged, left_out } = plan(gate, &commit).await?;
        match gate.store.commit(planned).await {
            Err(CommitError::Conflict(conflict)) if is_lost_race(&conflict, &judged, &commit) => {}
            Ok(committed) => return Ok(left_out.restore(committed)),
            refused => return refused,
        }
    }
    Err(CommitError::Busy)
}

/// Whether the rules have nothing to say of a commit.
fn is_open(gate: &Gate, commit: &Commit) -> bool {
    let allows = |key: &Key, acts: &[Act]| acts.iter().all(|act| *gate.grant.verdict(key.kind, *act) == Verdict::Allowed);
    !gate.grant.has_fields()
        && commit.erase.is_empty()
        && commit.put.iter().all(|put| allows(&put.key, &[Act::Create, Act::Read, Act::Update]))
        && commit.delete.iter().all(|key| allows(key, &[Act::Delete]))
        && commit.expect.iter().all(|expected| match expected {
            Expect::Version(key, _) | Expect::Exists(key) | Expect::Absent(key) => allows(key, &[Act::Read]),
            Expect::NoMatch(kind, filter) => {
                *gate.grant.verdict(*kind, Act::Search) == Verdict::Allowed && narrow::asks_freely(&gate.grant, filter)
            }
            Expect::OnlyMatch(key, filter) => allows(key, &[Act::Search]) && narrow::asks_freely(&gate.grant, filter),
        })
}

/// Whether the conflict is with what the gate expected, and not with what the client did.
fn is_lost_race(conflict: &Conflict, judged: &[Key], commit: &Commit) -> bool {
    let Conflict::Version { key, .. } = conflict else { return false };
    let is_asked = commit.expect.iter().any(|expected| matches!(expected, Expect::Version(known, _) if known == key));
    judged.contains(key) && !is_asked
}

/// What a failed read means for a commit.
fn failed(error: ReadError) -> CommitError {
    match error {
        ReadError::Forbidden(why) => CommitError::Forbidden(why),
        // There is no commit that costs too much: it cannot be judged, so it is refused.
        ReadError::TooCostly(what) => CommitError::Forbidden(what.into()),
        ReadError::Indexing(indexing) => CommitError::Indexing(indexing),
        ReadError::Busy => CommitError::Busy,
        ReadError::Closed => CommitError::Closed,
        ReadError::Full => CommitError::Full,
        ReadError::Engine(what) => CommitError::Engine(what),
    }
}
