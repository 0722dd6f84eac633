//! Which resource each entry is about.

use std::collections::HashMap;

use fhir::{Issue, IssueCode};
use store::commit::{Expect, Key};
use store::query::Version;

use crate::bundle::{Address, Entry, Method};
use crate::condition::{self, Choice};
use crate::patch::matching;
use crate::{Context, Error, ReadRequest, codes, read};

/// The resource that an entry is about.
pub(super) enum Identity {
    /// A new one, with a new id.
    New(Key),
    /// One that a conditional create found: it is left as it is.
    Found(Box<Version>),
    /// The one that PUT names.
    Put(Key),
    /// The one that PATCH names or whose criteria choose it, as it is now.
    Patch(Box<Version>),
    /// The one that DELETE names.
    Delete(Key),
    /// The entry only reads.
    None,
}

impl Identity {
    /// The resource, unless the entry only reads.
    pub(super) fn key(&self) -> Option<&Key> {
        match self {
            Identity::New(key) | Identity::Put(key) | Identity::Delete(key) => Some(key),
            Identity::Found(version) | Identity::Patch(version) => Some(&version.key),
            Identity::None => None,
        }
    }
}

/// The resources of all entries, in their order, and what must still hold when they are committed.
pub(super) struct Resolved {
    pub(super) identities: Vec<Identity>,
    pub(super) expect: Vec<Expect>,
}

/// Gives every entry its resource. [`Error::BadRequest`] when two entries write the same one, [`Error::MultipleMatches`] when a condition
/// matches several, [`Error::NotFound`], [`Error::Deleted`] and [`Error::NoMatch`] when there is nothing to patch.
pub(super) async fn resolve(ctx: &Context, entries: &[Entry]) -> Result<Resolved, Error> {
    let mut resolved = Resolved { identities: Vec::with_capacity(entries.len()), expect: Vec::new() };
    let mut conditions = HashMap::new();
    for entry in entries {
        let identity = match (entry.method, &entry.address) {
            (Method::Post, Address::Type(kind, None)) => match &entry.if_none_exist {
                None => Identity::New(Key::new(*kind, ctx.server.new_id())),
                Some(criteria) => {
                    if let Some(first) = conditions.insert((*kind, criteria.as_str()), entry.index) {
                        return Err(clash(entry, first, ".request.ifNoneExist"));
                    }
                    conditional_create(ctx, entry, criteria, &mut resolved.expect).await?
                }
            },
            (Method::Put, Address::Instance(key)) => Identity::Put(key.clone()),
            (Method::Patch, Address::Instance(key)) => Identity::Patch(Box::new(read(ctx, ReadRequest { key: key.clone() }).await?)),
            (Method::Patch, Address::Type(kind, Some(criteria))) => {
                let (version, filter) = matching(ctx, *kind, criteria, &entry.at(".request.url")).await?;
                resolved.expect.push(Expect::OnlyMatch(version.key.clone(), filter));
                Identity::Patch(Box::new(version))
            }
            (Method::Delete, Address::Instance(key)) => Identity::Delete(key.clone()),
            _ => Identity::None,
        };
        resolved.identities.push(identity);
    }
    refuse_clashes(entries, &resolved.identities)?;
    Ok(resolved)
}

async fn conditional_create(ctx: &Context, entry: &Entry, criteria: &str, expect: &mut Vec<Expect>) -> Result<Identity, Error> {
    let Address::Type(kind, _) = entry.address else { return Ok(Identity::None) };
    let expression = entry.at(".request.ifNoneExist");
    let filter = condition::parse(ctx, kind, criteria, &expression)?;
    match condition::choose(ctx, kind, &filter).await? {
        Choice::None => {
            expect.push(Expect::NoMatch(kind, filter));
            Ok(Identity::New(Key::new(kind, ctx.server.new_id())))
        }
        Choice::One(version) => {
            expect.push(Expect::OnlyMatch(version.key.clone(), filter));
            Ok(Identity::Found(version))
        }
        Choice::Many => Err(Error::MultipleMatches { kind: kind.name(), expression }),
    }
}

fn refuse_clashes(entries: &[Entry], identities: &[Identity]) -> Result<(), Error> {
    let mut seen = HashMap::with_capacity(entries.len());
    for (entry, identity) in entries.iter().zip(identities) {
        if let Some(first) = identity.key().and_then(|key| seen.insert(key, entry.index)) {
            return Err(clash(entry, first, ".request.url"));
        }
    }
    Ok(())
}

fn clash(entry: &Entry, first: usize, element: &str) -> Error {
    let remedy = format!("this entry and Bundle.entry[{first}] are about the same resource: a transaction writes each once");
    Error::BadRequest(vec![Issue::error(codes::DUPLICATE_TARGET, IssueCode::Duplicate, entry.at(element), remedy)])
}
