//! Why the store refused a transaction, said of its entries.

use fhir::definitions::ResourceType;
use fhir::{Issue, Value};
use store::commit::{CommitError, Conflict, Key};

use crate::bundle::{Entry, Method};
use crate::transaction::conditional::depends_on_search;
use crate::transaction::identity::Identity;
use crate::{Context, Error, References, references};

/// The error for a commit that was refused.
pub(super) fn refused(ctx: &Context, error: CommitError, entries: &[Entry], identities: &[Identity]) -> Error {
    let CommitError::Conflict(conflict) = error else { return error.into() };
    match *conflict {
        Conflict::Version { key, .. } if is_patched(entries, identities, &key) => Error::LostRace,
        Conflict::Missing(key) if ctx.settings().references == References::Check && !is_written(entries, &key) => {
            dangling(ctx, entries, &key)
        }
        Conflict::Missing(key) => Error::ClientIdRefused(key),
        Conflict::Matches { found, .. } if !depends_on_search(entries, &ctx.base_url) && deletes(entries) => {
            let deleted = entries.iter().find(|entry| entry.method == Method::Delete);
            match deleted.map(|entry| &entry.address) {
                Some(crate::bundle::Address::Instance(key)) => Error::StillReferenced { key: key.clone(), by: found.into_iter().next() },
                _ => Error::LostRace,
            }
        }
        other => other.into(),
    }
}

/// Whether the version was expected only because the patch was applied to it.
fn is_patched(entries: &[Entry], identities: &[Identity], key: &Key) -> bool {
    let mut both = entries.iter().zip(identities);
    both.any(|(entry, identity)| entry.if_match.is_none() && matches!(identity, Identity::Patch(version) if version.key == *key))
}

fn is_written(entries: &[Entry], key: &Key) -> bool {
    entries.iter().any(|entry| matches!(&entry.address, crate::bundle::Address::Instance(own) if own == key) && entry.method == Method::Put)
}

fn deletes(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| entry.method == Method::Delete)
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
