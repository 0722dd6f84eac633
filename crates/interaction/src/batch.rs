//! batch: each entry on its own, some at once (<http://hl7.org/fhir/R4/http.html#transaction>).

use std::collections::HashMap;

use fhir::Issue;
use futures_util::{StreamExt, stream};

use crate::bundle::{Address, Answer, Entry, perform};
use crate::{Context, Error};

type Read = Result<Entry, Vec<Issue>>;

/// What became of each entry, in their order. An entry that fails says why in its place. Entries do not see what the others do, except
/// that those which name the same resource are done one after the other.
pub(crate) async fn batch(ctx: &Context, entries: Vec<Read>, with_resource: bool) -> Vec<Answer> {
    let mut answers = vec![Answer::default(); entries.len()];
    let groups = by_resource(entries);
    let done = stream::iter(groups).map(|group| in_order(ctx, group, with_resource));
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

async fn in_order(ctx: &Context, group: Vec<(usize, Read)>, with_resource: bool) -> Vec<(usize, Answer)> {
    let mut answers = Vec::with_capacity(group.len());
    for (index, entry) in group {
        answers.push((index, one(ctx, entry, with_resource).await));
    }
    answers
}

async fn one(ctx: &Context, entry: Read, with_resource: bool) -> Answer {
    let done = match entry {
        Ok(entry) => perform(ctx, entry, with_resource).await,
        Err(issues) => Err(Error::BadRequest(issues)),
    };
    done.unwrap_or_else(failed)
}

/// What an entry that failed answers.
pub(crate) fn failed(error: Error) -> Answer {
    let outcome = error.outcome();
    Answer { status: outcome.status, issues: outcome.issues, ..Answer::default() }
}
