//! batch: each entry on its own, some at once (<http://hl7.org/fhir/R4/http.html#transaction>).

use fhir::Issue;
use futures_util::{StreamExt, stream};

use crate::bundle::{Answer, Entry, perform};
use crate::{Context, Error};

/// What became of each entry, in their order. An entry that fails says why in its place; entries do not see what the others do.
pub(crate) async fn batch(ctx: &Context, entries: Vec<Result<Entry, Vec<Issue>>>, with_resource: bool) -> Vec<Answer> {
    let done = stream::iter(entries).map(|entry| one(ctx, entry, with_resource));
    done.buffered(ctx.settings().batch_concurrency.max(1)).collect().await
}

async fn one(ctx: &Context, entry: Result<Entry, Vec<Issue>>, with_resource: bool) -> Answer {
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
