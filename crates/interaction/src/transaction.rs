//! transaction: all entries of a Bundle or none (<http://hl7.org/fhir/R4/http.html#trules>).
//!
//! The entries that write become one commit of the store, whose expectations hold all that the plan took for granted: versions, targets
//! of references, what conditions chose. What reads is done after it. The steps have a file each: [`identity`] gives every entry its
//! resource, [`conditional`] resolves references by search criteria, [`links`] and [`rewrite`] make references lead to the new
//! ids, and [`plan`] makes the commit.

mod conditional;
mod identity;
mod links;
mod narrative;
mod plan;
mod refusal;
mod rewrite;

use fhir::Value;
use fhir::definitions::ResourceType;
use store::commit::Committed;
use store::query::Version;

use crate::batch::failed;
use crate::bundle::{Answer, Entry, Method, perform};
use crate::update::act;
use crate::{Act, Context, Error, Written, patch};

use identity::{Identity, Resolved};
use plan::{Plan, Write};

/// What became of each entry, in their order.
///
/// The errors of the single interactions, their places named within the Bundle; [`Error::BadRequest`] when two entries have the same
/// `fullUrl` or write the same resource, [`Error::Contended`] when others changed what it depends on in every attempt.
pub(crate) async fn transaction(ctx: &Context, entries: Vec<Entry>, with_resource: bool) -> Result<Vec<Answer>, Error> {
    let patches = entries.iter().any(|entry| entry.method == Method::Patch);
    let attempts =
        if conditional::depends_on_search(&entries, &ctx.base_url) || patches { ctx.settings().transaction_attempts.max(1) } else { 1 };
    for _ in 1..attempts {
        // What conditions chose may change until the commit: each attempt begins with the entries as they came.
        match attempt(ctx, entries.clone(), with_resource).await {
            Err(Error::LostRace) => {}
            done => return done,
        }
    }
    match attempt(ctx, entries, with_resource).await {
        Err(Error::LostRace) => Err(Error::Contended),
        done => done,
    }
}

async fn attempt(ctx: &Context, mut entries: Vec<Entry>, with_resource: bool) -> Result<Vec<Answer>, Error> {
    let Resolved { identities, mut expect } = identity::resolve(ctx, &entries).await?;
    let mut links = links::Links::of(&entries, &identities)?;
    expect.extend(conditional::resolve(ctx, &entries, &mut links).await?);
    for (entry, identity) in entries.iter_mut().zip(&identities) {
        let kind = entry.resource.as_ref().and_then(Value::resource_type).and_then(ResourceType::parse);
        if let (Identity::New(_) | Identity::Put(_) | Identity::Patch(_), Some(resource), Some(kind)) =
            (identity, &mut entry.resource, kind)
        {
            rewrite::rewrite(resource, kind, &links.seen_from(entry.full_url.as_deref(), &ctx.base_url));
        }
        if let Identity::Patch(version) = identity {
            apply_patch(entry, version)?;
        }
    }
    let Plan { commit, writes } = plan::plan(ctx, &entries, &identities, expect)?;
    let committed = match commit {
        Some(commit) => Some(ctx.store().commit(commit).await.map_err(|error| refusal::refused(ctx, error, &entries, &identities))?),
        None => None,
    };
    answers(ctx, entries, identities, writes, committed, with_resource).await
}

/// Puts what the patch makes in the place of the patch, so that the plan takes it as it takes the resource of an update.
fn apply_patch(entry: &mut Entry, version: &Version) -> Result<(), Error> {
    let Some(resource) = &entry.resource else { return Ok(()) };
    let patch = patch::of_entry(resource).map_err(|issues| Error::BadRequest(entry.place(issues)))?;
    let patched = patch::patched(version, &patch, entry.if_match).map_err(|error| match error {
        Error::Unprocessable(issues) => Error::Unprocessable(entry.place(issues)),
        other => other,
    })?;
    entry.resource = Some(patched);
    Ok(())
}

async fn answers(
    ctx: &Context,
    entries: Vec<Entry>,
    identities: Vec<Identity>,
    writes: Vec<Write>,
    committed: Option<Committed>,
    with_resource: bool,
) -> Result<Vec<Answer>, Error> {
    let (at, versions) = committed.map_or((0, Vec::new()), |committed| (committed.at, committed.versions));
    let puts = writes.len();
    let (mut writes, mut versions) = (writes.into_iter(), versions.into_iter());
    let mut written = Vec::with_capacity(puts);
    for (write, version) in writes.by_ref().zip(versions.by_ref().take(puts)) {
        // Only an update can be either; a new id has no history.
        let act = if write.is_update { act(ctx, &write.key, version).await? } else { Act::Created };
        written.push(Written::new(act, write.key, write.body, version, at, write.issues));
    }
    let mut written = written.into_iter();
    let mut answers = Vec::with_capacity(entries.len());
    for (entry, identity) in entries.into_iter().zip(identities) {
        answers.push(match identity {
            Identity::New(_) | Identity::Put(_) | Identity::Patch(_) => {
                written.next().map(|written| Answer::written(written, with_resource)).unwrap_or_default()
            }
            Identity::Found(version) => Answer::written(Written::found(*version), with_resource),
            Identity::Delete(_) => {
                let version = versions.next().filter(|&version| version > 0);
                Answer { status: 204, version, last_modified: version.map(|_| at), ..Answer::default() }
            }
            Identity::None => {
                debug_assert_eq!(entry.method, Method::Get);
                perform(ctx, entry, with_resource).await.unwrap_or_else(failed)
            }
        });
    }
    Ok(answers)
}
