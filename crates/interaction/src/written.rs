//! What an interaction that writes answers.

use bytes::Bytes;
use fhir::{Issue, Value};
use store::commit::{Body, Commit, CommitError, Conflict, Expect, Instant, Key};
use store::query::Version;

use crate::prepare::Prepared;
use crate::provenance::{self, Stated};
use crate::{Context, Error, References, references};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A resource came into being: 201.
    Created,
    /// A resource has a new version: 200.
    Updated,
    /// A conditional create found that the resource is already there, and did nothing: 200.
    Found,
}

impl Act {
    /// What a commit has done by the write of this place in [`store::commit::Committed::created`].
    pub(crate) fn of(created: &[bool], place: usize) -> Self {
        if created.get(place) == Some(&true) { Act::Created } else { Act::Updated }
    }
}

/// A resource that was written, or was there already.
#[derive(Clone, Debug)]
pub struct Written {
    /// What was done.
    pub act: Act,
    /// The resource.
    pub key: Key,
    /// Its current version.
    pub version: u64,
    /// When that was written.
    pub last_updated: Instant,
    /// What is worth knowing about what was written: warnings.
    pub issues: Vec<Issue>,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Body(Body),
    Text(Bytes),
}

impl Written {
    /// What a commit made of a body.
    pub(crate) fn new(act: Act, key: Key, body: Body, version: u64, last_updated: Instant, issues: Vec<Issue>) -> Self {
        Self { act, key, version, last_updated, issues, content: Content::Body(body) }
    }

    /// A resource that a conditional create found.
    pub(crate) fn found(version: Version) -> Self {
        let text = version.text().cloned().unwrap_or_default();
        let Version { key, version, last_updated, .. } = version;
        Self { act: Act::Found, key, version, last_updated, issues: Vec::new(), content: Content::Text(text) }
    }

    /// 201 or 200.
    pub fn status(&self) -> u16 {
        match self.act {
            Act::Created => 201,
            Act::Updated | Act::Found => 200,
        }
    }

    /// The JSON text of the version, as a read gives it. It is put together here, so ask only when it goes out.
    pub fn text(&self) -> Bytes {
        match &self.content {
            Content::Body(body) => body.stamped(self.version, self.last_updated).into(),
            Content::Text(text) => text.clone(),
        }
    }

    /// Where the version is, below the base address: `Patient/12/_history/3`.
    pub fn location(&self) -> String {
        format!("{}/_history/{}", self.key, self.version)
    }
}

/// Commits one resource, with what must hold for it, and the Provenance that came with it. It is a create when the resource was not there just before.
///
/// [`Error::LostRace`] when a condition by search criteria no longer holds, [`Error::Unprocessable`] for a reference to nothing.
pub(crate) async fn commit_one(
    ctx: &Context,
    reason: &'static str,
    resource: &Value,
    prepared: Prepared,
    expect: Vec<Expect>,
) -> Result<Written, Error> {
    let Prepared { put, mut targets, issues } = prepared;
    let stated = provenance::stated(ctx, &put.key).await?;
    let (key, body) = (put.key.clone(), put.body.clone());
    let mut commit = Commit::new(ctx.tenant, &*ctx.actor, reason);
    commit.expect = expect;
    commit.put.push(put);
    if let Some(Stated { prepared, .. }) = &stated {
        targets.extend(prepared.targets.iter().cloned());
        commit.put.push(prepared.put.clone());
    }
    if ctx.settings().references == References::Check {
        commit.expect.extend(targets.into_iter().map(Expect::Exists));
    }
    let committed = ctx.store().commit(commit).await.map_err(|error| match error {
        CommitError::Conflict(conflict) => match *conflict {
            Conflict::Missing(missing) if missing == key => Error::ClientIdRefused(missing),
            Conflict::Missing(missing) => {
                let of_provenance = stated.as_ref().filter(|stated| stated.prepared.targets.contains(&missing));
                let (resource, kind) =
                    of_provenance.map_or((resource, key.kind), |stated| (&stated.resource, stated.prepared.put.key.kind));
                Error::Unprocessable(references::dangling(resource, kind, &missing, &ctx.base_url))
            }
            other => other.into(),
        },
        other => other.into(),
    })?;
    let version = committed.versions.first().copied().unwrap_or(1);
    let act = Act::of(&committed.created, 0);
    Ok(Written::new(act, key, body, version, committed.at, issues))
}
