//! transaction: all entries of a Bundle or none (<http://hl7.org/fhir/R4/http.html#trules>).
//!
//! The entries that write become one commit of the store, whose expectations hold all that the plan took for granted: versions, targets
//! of references, what conditions chose. What reads is done after it, and has been found possible before. The steps have a file each: [`identity`] gives every entry its
//! resource, [`conditional`] resolves references by search criteria, [`reads`] looks ahead at what is read, [`links`] and [`rewrite`] make references lead to the new
//! ids, and [`plan`] makes the commit.

mod conditional;
mod identity;
mod links;
mod narrative;
mod patches;
mod plan;
mod reads;
mod refusal;
mod rewrite;

use store::commit::Committed;

use crate::batch::failed;
use crate::bundle::{Allowance, Answer, Entry, Method, perform};
use crate::{Act, Context, Deleted, Error, Written};

use identity::{Identity, Resolved};
use plan::{Plan, Write};

/// What became of each entry, in their order.
///
/// The errors of the single interactions, their places named within the Bundle; [`Error::BadRequest`] when two entries have the same
/// `fullUrl` or write the same resource, [`Error::Contended`] when others changed what it depends on in every attempt.
pub(crate) async fn transaction(ctx: &Context, entries: Vec<Entry>, with_resource: bool) -> Result<Vec<Answer>, Error> {
    entries.iter().try_for_each(|entry| ctx.permit_entry(entry))?;
    let patches = entries.iter().any(|entry| entry.method == Method::Patch);
    let attempts =
        if patches || conditional::depends_on_search(&entries, &ctx.base_url) { ctx.settings().transaction_attempts.max(1) } else { 1 };
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
    expect.extend(conditional::resolve(ctx, &entries, &identities, &mut links).await?);
    expect.extend(links.know_versions(ctx, &entries, &identities).await?);
    for (entry, identity) in entries.iter_mut().zip(&identities) {
        if let (Identity::New(key) | Identity::Put(key), Some(resource)) = (identity, &mut entry.resource) {
            rewrite::rewrite(resource, key.kind, &links.seen_from(entry.full_url.as_deref(), &ctx.base_url));
        }
        if let Identity::Patch(version) = identity {
            patches::apply(entry, version, &links, &ctx.base_url)?;
        }
    }
    expect.extend(reads::check(ctx, &entries, &identities).await?);
    let Plan { commit, writes } = plan::plan(ctx, &entries, &identities, expect).await?;
    let committed = match commit {
        Some(commit) => Some(ctx.store().commit(commit).await.map_err(|error| refusal::refused(ctx, error, &entries, &identities))?),
        None => None,
    };
    answers(ctx, entries, identities, writes, committed, with_resource).await
}

/// What an entry reads, once the writes are done.
async fn read(ctx: &Context, entry: Entry, allowance: &Allowance<'_>) -> Result<Answer, Error> {
    allowance.check()?;
    perform(ctx, entry, false).await
}

async fn answers(
    ctx: &Context,
    entries: Vec<Entry>,
    identities: Vec<Identity>,
    writes: Vec<Write>,
    committed: Option<Committed>,
    with_resource: bool,
) -> Result<Vec<Answer>, Error> {
    let (at, versions, created) =
        committed.map_or_else(Default::default, |committed| (committed.at, committed.versions, committed.created));
    let puts = writes.len();
    let (mut writes, mut versions) = (writes.into_iter(), versions.into_iter());
    let mut written = Vec::with_capacity(puts);
    for (place, (write, version)) in writes.by_ref().zip(versions.by_ref().take(puts)).enumerate() {
        written.push(Written::new(Act::of(&created, place), write.key, write.body, version, at, write.issues));
    }
    let mut written = written.into_iter();
    let mut answers = Vec::with_capacity(entries.len());
    let allowance = Allowance::new(ctx);
    for (entry, identity) in entries.into_iter().zip(identities) {
        let answer = match identity {
            Identity::New(_) | Identity::Put(_) | Identity::Patch(_) => {
                written.next().map(|written| Answer::written(written, with_resource)).unwrap_or_default()
            }
            Identity::Found(version) => Answer::written(Written::found(*version), with_resource),
            Identity::Delete(keys) => {
                let version = |version: u64| Deleted { version: Some(version).filter(|&version| version > 0), at };
                let deleted: Vec<_> = versions.by_ref().take(keys.len()).map(version).collect();
                Answer::deleted(&deleted)
            }
            Identity::None => {
                debug_assert!(matches!(entry.method, Method::Get | Method::Operation));
                read(ctx, entry, &allowance).await.unwrap_or_else(failed)
            }
        };
        answers.push(allowance.take(answer));
    }
    Ok(answers)
}
