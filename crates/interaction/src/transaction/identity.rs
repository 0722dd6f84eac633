//! Which resource each entry is about.

use std::collections::{HashMap, HashSet};

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::commit::{Expect, Key};
use store::query::Version;

use crate::bundle::{Address, Entry, Method};
use crate::condition::{self, Choice};
use crate::conditional_delete::{Doomed, doomed};
use crate::conditional_update::{Aim, aim};
use crate::patch::matching;
use crate::{Context, Error, ReadRequest, codes, read};

/// The resource that an entry is about.
pub(super) enum Identity {
    /// A new one, with a new id.
    New(Key),
    /// One that a conditional create found: it is left as it is.
    Found(Box<Version>),
    /// The one that PUT names or chooses.
    Put(Key),
    /// The one that PATCH names or chooses, as it is now.
    Patch(Box<Version>),
    /// Those that DELETE names or chooses.
    Delete(Vec<Key>),
    /// The entry only reads.
    None,
}

impl Identity {
    /// The resources; none when the entry only reads.
    pub(super) fn keys(&self) -> &[Key] {
        match self {
            Identity::New(key) | Identity::Put(key) => std::slice::from_ref(key),
            Identity::Found(version) | Identity::Patch(version) => std::slice::from_ref(&version.key),
            Identity::Delete(keys) => keys,
            Identity::None => &[],
        }
    }
}

/// The resources of all entries, in their order, and what must still hold when they are committed.
pub(super) struct Resolved {
    pub(super) identities: Vec<Identity>,
    pub(super) expect: Vec<Expect>,
}

/// Gives every entry its resource. [`Error::BadRequest`] when two entries write the same one, [`Error::MultipleMatches`] when a condition
/// matches several, and the errors of the conditional interactions.
pub(super) async fn resolve(ctx: &Context, entries: &[Entry]) -> Result<Resolved, Error> {
    refuse_equal_conditions(entries)?;
    let mut resolving = Resolving { ctx, expect: Vec::new(), deleted: HashSet::new() };
    let mut identities: Vec<Identity> = entries.iter().map(|_| Identity::None).collect();
    // What is deleted is gone before anything else is done, so that criteria no longer find it.
    for deletes in [true, false] {
        for (entry, identity) in entries.iter().zip(&mut identities) {
            if (entry.method == Method::Delete) == deletes {
                *identity = resolving.entry(entry).await?;
            }
        }
    }
    refuse_clashes(entries, &identities)?;
    Ok(Resolved { identities, expect: resolving.expect })
}

struct Resolving<'a> {
    ctx: &'a Context,
    expect: Vec<Expect>,
    deleted: HashSet<Key>,
}

impl Resolving<'_> {
    async fn entry(&mut self, entry: &Entry) -> Result<Identity, Error> {
        match (entry.method, &entry.address) {
            (Method::Post, Address::Type(kind, None)) => match &entry.if_none_exist {
                None => Ok(Identity::New(self.ctx.new_key(*kind))),
                Some(criteria) => self.create(entry, *kind, criteria).await,
            },
            (Method::Put, Address::Instance(key)) => Ok(Identity::Put(key.clone())),
            (Method::Put, Address::Type(kind, Some(criteria))) => self.update(entry, *kind, criteria).await,
            (Method::Patch, Address::Instance(key)) => {
                Ok(Identity::Patch(Box::new(read(self.ctx, ReadRequest { key: key.clone() }).await?)))
            }
            (Method::Patch, Address::Type(kind, Some(criteria))) => {
                let (version, filter) = matching(self.ctx, *kind, criteria, &entry.at(".request.url")).await?;
                self.expect.push(Expect::OnlyMatch(version.key.clone(), filter));
                Ok(Identity::Patch(Box::new(version)))
            }
            (Method::Delete, Address::Instance(key)) => {
                self.deleted.insert(key.clone());
                Ok(Identity::Delete(vec![key.clone()]))
            }
            (Method::Delete, Address::Type(kind, Some(criteria))) => self.delete(entry, *kind, criteria).await,
            _ => Ok(Identity::None),
        }
    }

    async fn create(&mut self, entry: &Entry, kind: ResourceType, criteria: &str) -> Result<Identity, Error> {
        let expression = entry.at(".request.ifNoneExist");
        let filter = condition::parse(self.ctx, kind, criteria, &expression).await?;
        match condition::choose(self.ctx, kind, &filter).await? {
            Choice::None => self.expect.push(Expect::NoMatch(kind, filter)),
            Choice::One(version) => {
                self.expect.push(Expect::OnlyMatch(version.key.clone(), filter));
                if !self.deleted.contains(&version.key) {
                    return Ok(Identity::Found(version));
                }
            }
            Choice::Many => return Err(Error::MultipleMatches { kind: kind.name(), expression }),
        }
        Ok(Identity::New(self.ctx.new_key(kind)))
    }

    async fn update(&mut self, entry: &Entry, kind: ResourceType, criteria: &str) -> Result<Identity, Error> {
        let expression = entry.at(".request.url");
        let filter = condition::parse(self.ctx, kind, criteria, &expression).await?;
        let choice = condition::choose(self.ctx, kind, &filter).await?;
        let id = entry.resource.as_ref().and_then(|resource| resource.text("id"));
        let conditions = (entry.if_match, entry.if_absent());
        let Aim { key, is_update, expect } = aim(self.ctx, kind, id, &filter, choice, conditions, &expression).await?;
        self.expect.extend(expect);
        Ok(if is_update || id.is_some() { Identity::Put(key) } else { Identity::New(key) })
    }

    async fn delete(&mut self, entry: &Entry, kind: ResourceType, criteria: &str) -> Result<Identity, Error> {
        let expression = entry.at(".request.url");
        let filter = condition::parse(self.ctx, kind, criteria, &expression).await?;
        let Doomed { keys, expect } = doomed(self.ctx, kind, &filter, entry.if_match, &expression).await?;
        self.expect.extend(expect);
        self.deleted.extend(keys.iter().cloned());
        Ok(Identity::Delete(keys))
    }
}

/// Two entries with the same criteria are about the same resource, whether it is there or not.
fn refuse_equal_conditions(entries: &[Entry]) -> Result<(), Error> {
    let mut seen = HashMap::new();
    for entry in entries {
        let (criteria, element) = match (&entry.address, &entry.if_none_exist) {
            (Address::Type(kind, None), Some(criteria)) => ((*kind, criteria.as_str()), ".request.ifNoneExist"),
            (Address::Type(kind, Some(criteria)), _) if entry.method != Method::Get => ((*kind, criteria.as_str()), ".request.url"),
            _ => continue,
        };
        if let Some(first) = seen.insert(criteria, entry.index) {
            return Err(clash(entry, first, element));
        }
    }
    Ok(())
}

fn refuse_clashes(entries: &[Entry], identities: &[Identity]) -> Result<(), Error> {
    let mut seen = HashMap::with_capacity(entries.len());
    for (entry, identity) in entries.iter().zip(identities) {
        for key in identity.keys() {
            if let Some(first) = seen.insert(key, entry.index) {
                return Err(clash(entry, first, ".request.url"));
            }
        }
    }
    Ok(())
}

fn clash(entry: &Entry, first: usize, element: &str) -> Error {
    let remedy = format!("this entry and Bundle.entry[{first}] are about the same resource: a transaction writes each once");
    Error::BadRequest(vec![Issue::error(codes::DUPLICATE_TARGET, IssueCode::Duplicate, entry.at(element), remedy)])
}
