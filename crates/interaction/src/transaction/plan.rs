//! The commit of a transaction.

use std::collections::HashSet;

use fhir::{Issue, Value};
use store::commit::{Body, Commit, Expect, Key};

use crate::bundle::{Address, Entry};
use crate::delete::nothing_refers;
use crate::prepare::{Prepared, Rules, prepare};
use crate::transaction::identity::Identity;
use crate::transaction::refusal;
use crate::update::expectations;
use crate::{Context, Error, References};

/// What is to be done.
pub(super) struct Plan {
    /// `None` when no entry writes.
    pub(super) commit: Option<Commit>,
    /// What is put, in the order of the entries.
    pub(super) writes: Vec<Write>,
}

/// A resource that is put.
pub(super) struct Write {
    pub(super) key: Key,
    pub(super) body: Body,
    pub(super) issues: Vec<Issue>,
}

/// Plans the commit: every resource checked, all problems of all of them reported at once.
pub(super) async fn plan(ctx: &Context, entries: &[Entry], identities: &[Identity], expect: Vec<Expect>) -> Result<Plan, Error> {
    let rules = ctx.rules().await?;
    let mut commit = Commit::new(ctx.tenant, &*ctx.actor, "transaction");
    commit.expect = expect;
    let mut writes = Vec::new();
    let mut targets = HashSet::new();
    let mut issues = Vec::new();
    let mut are_well_formed = true;
    for (entry, identity) in entries.iter().zip(identities) {
        match (identity, &entry.resource) {
            (Identity::New(_) | Identity::Put(_) | Identity::Patch(_), Some(resource)) => {
                let [key] = identity.keys() else { continue };
                let is_update = !matches!(identity, Identity::New(_));
                let is_named = matches!(entry.address, Address::Instance(_));
                match one((ctx, &rules), entry, resource, key, is_update && is_named) {
                    Ok(Prepared { put, targets: of_this, issues }) => {
                        targets.extend(of_this);
                        writes.push(Write { key: key.clone(), body: put.body.clone(), issues });
                        commit.put.push(put);
                    }
                    Err(refused) => {
                        are_well_formed &= refused.is_well_formed || matches!(identity, Identity::Patch(_));
                        issues.extend(refused.issues);
                    }
                }
                match identity {
                    Identity::Patch(version) => commit.expect.push(Expect::Version(key.clone(), version.version)),
                    // What criteria chose brings its expectations along.
                    Identity::Put(_) if is_named => commit.expect.extend(expectations(ctx, key, entry.if_match, entry.if_absent())),
                    _ => {}
                }
            }
            (Identity::Delete(keys), _) => {
                if let Address::Instance(key) = &entry.address {
                    commit.expect.extend(entry.if_match.map(|version| Expect::Version(key.clone(), version)));
                }
                commit.expect.extend(keys.iter().flat_map(|key| nothing_refers(ctx, key)));
                commit.delete.extend(keys.iter().cloned());
            }
            _ => {}
        }
    }
    if !issues.is_empty() {
        // What a patch makes may break rules without any of what was sent doing so.
        return Err(if are_well_formed { Error::Unprocessable(issues) } else { Error::Invalid(issues) });
    }
    if ctx.settings().references == References::Check {
        expect_targets(ctx, entries, &mut commit, targets)?;
    }
    let nothing_written = commit.put.is_empty() && commit.delete.is_empty();
    Ok(Plan { commit: (!nothing_written).then_some(commit), writes })
}

fn one((ctx, rules): (&Context, &Rules), entry: &Entry, resource: &Value, key: &Key, wants_id: bool) -> Result<Prepared, Refused> {
    let wrong_id = wants_id && resource.text("id") != Some(&key.id);
    let prepared = match prepare(rules, &ctx.base_url, resource, key.clone()) {
        Ok(_) if wrong_id => Err(Error::IdMismatch { expected: key.id.clone() }),
        other => other,
    };
    prepared.map_err(|error| {
        let is_well_formed = matches!(error, Error::Unprocessable(_));
        Refused { is_well_formed, issues: entry.place(error.outcome().issues) }
    })
}

/// Why an entry is refused.
struct Refused {
    /// Whether it breaks other rules than those of structure.
    is_well_formed: bool,
    issues: Vec<Issue>,
}

/// What others refer to must exist, unless it is written here; what is deleted here does not.
fn expect_targets(ctx: &Context, entries: &[Entry], commit: &mut Commit, mut targets: HashSet<Key>) -> Result<(), Error> {
    for put in &commit.put {
        targets.remove(&put.key);
    }
    if let Some(deleted) = commit.delete.iter().find(|key| targets.contains(key)) {
        return Err(refusal::dangling(ctx, entries, deleted));
    }
    commit.expect.extend(targets.into_iter().map(Expect::Exists));
    Ok(())
}
