//! delete: a version that says that the resource is gone (<http://hl7.org/fhir/R4/http.html#delete>).

use fhir::definitions::ResourceType;
use store::commit::{Commit, CommitError, Conflict, Expect, Instant, Key};
use store::query::{Filter, Test};

use crate::{Context, DeleteReferenced, Error};

/// What is to be deleted.
#[derive(Clone, Debug)]
pub struct DeleteRequest {
    /// Its type and id.
    pub key: Key,
    /// Only if this is the current version: `If-Match`.
    pub if_match: Option<u64>,
}

/// What was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// The version that says so; `None` when there was nothing to delete, which is no error.
    pub version: Option<u64>,
    /// When.
    pub at: Instant,
}

/// What [`crate::delete()`] answers, once it is permitted.
pub async fn delete(ctx: &Context, request: DeleteRequest) -> Result<Deleted, Error> {
    let DeleteRequest { key, if_match } = request;
    let mut commit = Commit::new(ctx.tenant, &*ctx.actor, "delete");
    commit.expect.extend(if_match.map(|version| Expect::Version(key.clone(), version)));
    commit.expect.extend(nothing_refers(ctx, &key));
    commit.delete.push(key.clone());
    let committed = ctx.store().commit(commit).await.map_err(|error| refused(error, &key))?;
    let version = committed.versions.first().copied().filter(|&version| version > 0);
    Ok(Deleted { version, at: committed.at })
}

/// A match where none was expected is a reference that is still there.
pub(crate) fn refused(error: CommitError, key: &Key) -> Error {
    match error {
        CommitError::Conflict(conflict) => match *conflict {
            Conflict::Matches { found, .. } => Error::StillReferenced { key: key.clone(), by: found.into_iter().next() },
            other => other.into(),
        },
        other => other.into(),
    }
}

/// What must hold for `key` to be deleted when references are kept whole: for each type that may refer to it, that none does.
pub(crate) fn nothing_refers(ctx: &Context, key: &Key) -> Vec<Expect> {
    if ctx.settings().delete_referenced == DeleteReferenced::Allow {
        return Vec::new();
    }
    no_other_refers(ctx, key)
}

/// For each type that may refer to `key`: that none does, itself left out.
///
/// What only tells of it holds nothing back: every resource has AuditEvents that refer to it as soon as somebody has read it.
pub(crate) fn no_other_refers(ctx: &Context, key: &Key) -> Vec<Expect> {
    let target = key.to_string();
    let registry = ctx.server.registry();
    let referring = |source: ResourceType| {
        let parameters = registry.parameters(source).filter(|parameter| parameter.leads_to(key.kind));
        let matches = parameters.map(|parameter| Filter::Match(parameter.param, Test::Local(target.as_str().into()))).collect::<Vec<_>>();
        if matches.is_empty() {
            return None;
        }
        let refers = Filter::Any(matches);
        // What refers to itself does not hold itself back.
        let itself = Filter::Not(Box::new(Filter::Id(vec![key.id.clone()])));
        Some(Expect::NoMatch(source, if source == key.kind { Filter::All(vec![refers, itself]) } else { refers }))
    };
    ResourceType::all().filter(|kind| !tells(*kind)).filter_map(referring).collect()
}

/// Whether resources of the type tell what was done to others, and go on telling when those are gone.
pub(crate) fn tells(kind: ResourceType) -> bool {
    kind.name() == "AuditEvent"
}
