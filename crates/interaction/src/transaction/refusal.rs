//! Why the store refused a transaction, said of its entries.

use fhir::definitions::ResourceType;
use fhir::{Issue, Value};
use store::commit::{CommitError, Conflict, Key};

use crate::bundle::{Address, Entry, Method};
use crate::transaction::conditional::depends_on_search;
use crate::transaction::identity::Identity;
use crate::{Context, Error, references};

/// The error for a commit that was refused.
pub(super) fn refused(ctx: &Context, error: CommitError, entries: &[Entry], identities: &[Identity]) -> Error {
    let CommitError::Conflict(conflict) = error else { return error.into() };
    let names = |entry: &Entry, method, key: &Key| entry.method == method && matches!(&entry.address, Address::Instance(own) if own == key);
    match *conflict {
        // It was there a moment ago.
        Conflict::Missing(key) if entries.iter().any(|entry| names(entry, Method::Get, &key)) => Error::LostRace,
        Conflict::Missing(key) if entries.iter().any(|entry| names(entry, Method::Put, &key)) => Error::ClientIdRefused(key),
        Conflict::Missing(key) => dangling(ctx, entries, &key),
        // A version that no entry asks for is the plan's own, which is out of date.
        Conflict::Version { key, .. } if !asks_for_version(entries, identities, &key) => Error::LostRace,
        Conflict::Matches { found, .. } if !depends_on_search(entries, &ctx.base_url) => {
            let deleted = entries.iter().find(|entry| entry.method == Method::Delete);
            match deleted.map(|entry| &entry.address) {
                Some(Address::Instance(key)) => Error::StillReferenced { key: key.clone(), by: found.into_iter().next() },
                _ => Error::LostRace,
            }
        }
        other => other.into(),
    }
}

/// Whether an entry about the resource names the version that must be current.
fn asks_for_version(entries: &[Entry], identities: &[Identity], key: &Key) -> bool {
    let mut both = entries.iter().zip(identities);
    both.any(|(entry, identity)| entry.if_match.is_some() && identity.keys().contains(key))
}

/// The references in all entries that lead to `missing`.
pub(super) fn dangling(ctx: &Context, entries: &[Entry], missing: &Key) -> Error {
    let mut issues: Vec<Issue> = Vec::new();
    for entry in entries {
        let Some(resource) = &entry.resource else { continue };
        let Some(kind) = resource.resource_type().and_then(ResourceType::parse) else { continue };
        let found = references::dangling(resource, kind, missing, &ctx.base_url);
        issues.extend(entry.place(found.into_iter().filter(|issue| !issue.expression.is_empty()).collect()));
    }
    if issues.is_empty() {
        let nowhere = Value::Null;
        issues = references::dangling(&nowhere, missing.kind, missing, &ctx.base_url);
    }
    Error::Unprocessable(issues)
}
