//! conditional delete: deletes what matches criteria (<http://hl7.org/fhir/R4/http.html#3.1.0.7.1>).

use fhir::definitions::ResourceType;
use store::commit::{Commit, CommitError, Committed, Conflict, Expect, Key};
use store::query::{Filter, Query};

use crate::condition;
use crate::delete::nothing_refers;
use crate::{ConditionalDelete, Context, Deleted, Error};

/// What is to be deleted.
#[derive(Clone, Debug)]
pub struct ConditionalDeleteRequest {
    /// The type in the address.
    pub kind: ResourceType,
    /// The criteria in the address: `identifier=http://hospital/mrn|12`.
    pub criteria: String,
    /// Only if this is the current version of the one resource that matches: `If-Match`.
    pub if_match: Option<u64>,
}

/// What criteria choose to be deleted.
pub(crate) struct Doomed {
    pub(crate) keys: Vec<Key>,
    /// What must still hold when they are deleted. When several match, each is as it was when it matched; one that comes to
    /// match meanwhile stays, as if it had been written after.
    pub(crate) expect: Vec<Expect>,
}

/// What [`crate::conditional_delete()`] answers, once it is permitted.
pub async fn conditional_delete(ctx: &Context, request: ConditionalDeleteRequest) -> Result<Vec<Deleted>, Error> {
    let ConditionalDeleteRequest { kind, criteria, if_match } = request;
    let filter = condition::parse(ctx, kind, &criteria, "").await?;
    let mut refused: Option<Vec<Key>> = None;
    for _ in 0..ctx.settings().transaction_attempts.max(1) {
        let Doomed { keys, mut expect } = doomed(ctx, kind, &filter, if_match, "").await?;
        let Some(first) = keys.first().cloned() else { return Ok(Vec::new()) };
        expect.extend(keys.iter().flat_map(|key| nothing_refers(ctx, key)));
        let mut commit = Commit::new(ctx.tenant, &*ctx.actor, "delete");
        commit.expect = expect;
        commit.delete = keys.clone();
        match ctx.store().commit(commit).await {
            Ok(committed) => return Ok(deleted(&committed)),
            Err(CommitError::Conflict(conflict)) => match *conflict {
                // The same resources are chosen again: then it was no race, but a reference to one of them.
                Conflict::Matches { found, .. } if refused.as_ref() == Some(&keys) => {
                    return Err(Error::StillReferenced { key: first, by: found.into_iter().next() });
                }
                Conflict::Matches { .. } => refused = Some(keys),
                // Without a condition on the version this one is the plan's own, and the plan is out of date.
                Conflict::Version { .. } if if_match.is_none() => {}
                other => return Err(other.into()),
            },
            Err(other) => return Err(other.into()),
        }
    }
    Err(Error::Contended)
}

fn deleted(committed: &Committed) -> Vec<Deleted> {
    let at = committed.at;
    committed.versions.iter().filter(|&&version| version > 0).map(|&version| Deleted { version: Some(version), at }).collect()
}

/// What `filter` chooses to be deleted now.
pub(crate) async fn doomed(
    ctx: &Context,
    kind: ResourceType,
    filter: &Filter,
    if_match: Option<u64>,
    expression: &str,
) -> Result<Doomed, Error> {
    let most = match ctx.settings().conditional_delete {
        ConditionalDelete::Single => 1,
        ConditionalDelete::Multiple => ctx.settings().max_conditional_deletes.max(1),
    };
    let query = Query { count: most.saturating_add(1), ..Query::new(ctx.tenant, kind, filter.clone()) };
    let matches = ctx.store().search(&query).await?.matches;
    let several = || Error::MultipleMatches { kind: kind.name(), expression: expression.to_owned() };
    match matches.as_slice() {
        [] => Ok(Doomed { keys: Vec::new(), expect: vec![Expect::NoMatch(kind, filter.clone())] }),
        [one] => {
            let mut expect = vec![Expect::OnlyMatch(one.key.clone(), filter.clone())];
            expect.extend(if_match.map(|version| Expect::Version(one.key.clone(), version)));
            Ok(Doomed { keys: vec![one.key.clone()], expect })
        }
        // A version is one resource's.
        _ if most == 1 || if_match.is_some() => Err(several()),
        many if many.len() > most as usize => Err(Error::TooManyMatches { kind: kind.name(), most, expression: expression.to_owned() }),
        many => Ok(Doomed {
            keys: many.iter().map(|version| version.key.clone()).collect(),
            expect: many.iter().map(|version| Expect::Version(version.key.clone(), version.version)).collect(),
        }),
    }
}
