//! What a transaction reads, looked at before anything is written: all entries succeed, or none does anything.

use std::collections::HashSet;

use ::search::url::query_pairs;
use ::search::{parse, parse_compartment, parse_system};
use fhir::{Issue, IssueCode};
use store::commit::{Expect, Key};

use crate::bundle::{Address, Entry, Method, check_in_transaction};
use crate::summary::Selection;
use crate::transaction::identity::Identity;
use crate::{Context, Error, HistoryRequest, codes, history};

/// What must hold for the entries that read to succeed after the commit.
///
/// [`Error::Missing`] names those that read what will not be there, [`Error::BadRequest`] those whose parameters are wrong.
pub(super) async fn check(ctx: &Context, entries: &[Entry], identities: &[Identity]) -> Result<Vec<Expect>, Error> {
    let mut written = HashSet::new();
    let mut deleted = HashSet::new();
    for identity in identities {
        let set = if matches!(identity, Identity::Delete(_)) { &mut deleted } else { &mut written };
        set.extend(identity.keys());
    }
    let mut expect = Vec::new();
    let mut missing = Vec::new();
    for entry in entries.iter().filter(|entry| matches!(entry.method, Method::Get | Method::Operation)) {
        match &entry.address {
            // What was there then stays so, whatever this transaction does.
            Address::Instance(key) if let Some(moment) = entry.as_of => {
                let was_there = ctx.at(moment).store().read(ctx.tenant, key).await?.is_some_and(|version| version.text().is_some());
                missing.extend((!was_there).then(|| nothing(entry, key)));
            }
            Address::Instance(key) if deleted.contains(key) => missing.push(nothing(entry, key)),
            Address::Instance(key) if written.contains(key) => {}
            Address::Instance(key) => match ctx.store().read(ctx.tenant, key).await? {
                Some(version) if version.text().is_some() => expect.push(Expect::Exists(key.clone())),
                _ => missing.push(nothing(entry, key)),
            },
            // A version that is there stays there.
            Address::Version(key, version) => {
                let found = ctx.store().vread(ctx.tenant, key, *version).await?;
                if found.is_none_or(|found| found.text().is_none()) {
                    missing.push(nothing(entry, key));
                }
            }
            _ => {}
        }
        parameters(ctx, entry).await.map_err(|error| placed(entry, error))?;
    }
    if missing.is_empty() { Ok(expect) } else { Err(Error::Missing(missing)) }
}

fn nothing(entry: &Entry, key: &Key) -> Issue {
    let remedy = format!("{key} is not there when the transaction is done: take the entry out, or use a batch");
    Issue::error(codes::READ_OF_NOTHING, IssueCode::NotFound, entry.at(".request.url"), remedy)
}

async fn parameters(ctx: &Context, entry: &Entry) -> Result<(), Error> {
    let pairs = |query: &Option<String>| query_pairs(query.as_deref().unwrap_or_default()).map_err(Error::BadRequest);
    match &entry.address {
        Address::Instance(key) | Address::Version(key, _) => Selection::of_params(Some(key.kind), &entry.params).map(drop),
        Address::Type(kind, query) => {
            let pairs = pairs(query)?;
            ctx.understood(false, |registry, context| parse(registry, context, *kind, &pairs)).await.map(drop)
        }
        Address::System(query) => {
            let pairs = pairs(query)?;
            ctx.understood(false, |registry, context| parse_system(registry, context, &pairs)).await.map(drop)
        }
        Address::Compartment(owner, kind, query) => {
            let pairs = pairs(query)?;
            ctx.understood(false, |registry, context| parse_compartment(registry, context, owner, *kind, &pairs)).await.map(drop)
        }
        Address::History(scope, query) => history::check(ctx, &HistoryRequest { scope: scope.clone(), params: pairs(query)? }),
        Address::Capabilities => Ok(()),
        Address::Operation { .. } => check_in_transaction(entry),
    }
}

fn placed(entry: &Entry, error: Error) -> Error {
    let Error::BadRequest(issues) = error else { return error };
    Error::BadRequest(issues.into_iter().map(|issue| Issue { expression: entry.at(".request.url"), ..issue }).collect())
}
