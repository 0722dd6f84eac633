//! batch: each entry on its own, some at once (<http://hl7.org/fhir/R4/http.html#transaction>).

use std::collections::{HashMap, HashSet};

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use futures_util::{StreamExt, stream};

use crate::bundle::{Address, Allowance, Answer, Entry, perform};
use crate::{Context, Error, codes, references};

type Read = Result<Entry, Vec<Issue>>;

/// What became of each entry, in their order. An entry that fails says why in its place. Entries do not see what the others do, except
/// that those which name the same resource are done one after the other. Once they have answered or taken as much as the settings allow, the rest is
/// not begun, and says so.
pub(crate) async fn batch(ctx: &Context, mut entries: Vec<Read>, with_resource: bool) -> Vec<Answer> {
    refuse_references_between(&mut entries);
    let mut answers = vec![Answer::default(); entries.len()];
    let allowance = Allowance::new(ctx);
    let done = stream::iter(by_resource(entries)).map(|group| in_order(ctx, group, with_resource, &allowance));
    let mut done = done.buffer_unordered(ctx.settings().batch_concurrency.max(1));
    while let Some(group) = done.next().await {
        for (index, answer) in group {
            if let Some(place) = answers.get_mut(index) {
                *place = answer;
            }
        }
    }
    answers
}

/// An entry that refers to another by the name that it has in the Bundle only would lead to nothing for ever: entries of a batch do not know
/// of each other.
fn refuse_references_between(entries: &mut [Read]) {
    let name = |entry: &Read| entry.as_ref().ok()?.full_url.clone().filter(|url| url.starts_with("urn:"));
    let names: HashSet<Box<str>> = entries.iter().filter_map(name).collect();
    if names.is_empty() {
        return;
    }
    for entry in entries {
        let issues = entry.as_ref().map_or_else(|_| Vec::new(), |read| references_to(read, &names));
        if !issues.is_empty() {
            *entry = Err(issues);
        }
    }
}

fn references_to(entry: &Entry, names: &HashSet<Box<str>>) -> Vec<Issue> {
    let mut issues = Vec::new();
    let Some((resource, kind)) = entry.resource.as_ref().and_then(|it| Some((it, ResourceType::parse(it.resource_type()?)?))) else {
        return issues;
    };
    references::each(resource, &mut |way, text| {
        if names.contains(text) {
            let remedy = "entries of a batch do not know of each other: send a transaction, in which such a reference is resolved";
            issues.push(Issue::error(codes::BATCH_REFERENCE, IssueCode::Invalid, references::expression(kind, way), remedy));
        }
    });
    entry.place(issues)
}

/// The entries with their places, those that name the same resource together.
fn by_resource(entries: Vec<Read>) -> Vec<Vec<(usize, Read)>> {
    let mut groups: Vec<Vec<(usize, Read)>> = Vec::with_capacity(entries.len());
    let mut known = HashMap::new();
    for (index, entry) in entries.into_iter().enumerate() {
        let key = match &entry {
            Ok(Entry { address: Address::Instance(key), .. }) => Some(key.clone()),
            _ => None,
        };
        let group = key.map_or(groups.len(), |key| *known.entry(key).or_insert(groups.len()));
        match groups.get_mut(group) {
            Some(group) => group.push((index, entry)),
            None => groups.push(vec![(index, entry)]),
        }
    }
    groups
}

async fn in_order(ctx: &Context, group: Vec<(usize, Read)>, with_resource: bool, allowance: &Allowance<'_>) -> Vec<(usize, Answer)> {
    let mut answers = Vec::with_capacity(group.len());
    for (index, entry) in group {
        answers.push((index, allowance.take(one(ctx, entry, with_resource, allowance).await.unwrap_or_else(failed))));
    }
    answers
}

async fn one(ctx: &Context, entry: Read, with_resource: bool, allowance: &Allowance<'_>) -> Result<Answer, Error> {
    let entry = entry.map_err(Error::BadRequest)?;
    allowance.check()?;
    perform(ctx, entry, with_resource).await
}

/// What an entry that failed answers.
pub(crate) fn failed(error: Error) -> Answer {
    let outcome = error.outcome();
    Answer { status: outcome.status, issues: outcome.issues, ..Answer::default() }
}
