//! Entries that read are done after the commit, when nothing can be refused any more: so what they ask is understood before it.

use ::search::{parse, url::query_pairs};
use fhir::Issue;

use crate::bundle::{Address, Entry, Method};
use crate::{Context, Error, HistoryRequest, history};

/// [`Error::BadRequest`] when an entry searches, or asks for a history, with parameters that are unknown or malformed; all such entries are named.
pub(super) fn check(ctx: &Context, entries: &[Entry]) -> Result<(), Error> {
    let mut issues = Vec::new();
    for entry in entries.iter().filter(|entry| entry.method == Method::Get) {
        let problems = problems(ctx, &entry.address);
        issues.extend(problems.into_iter().map(|issue| Issue { expression: entry.at(".request.url"), ..issue }));
    }
    if issues.is_empty() { Ok(()) } else { Err(Error::BadRequest(issues)) }
}

fn problems(ctx: &Context, address: &Address) -> Vec<Issue> {
    let pairs = |query: &Option<String>| query_pairs(query.as_deref().unwrap_or_default());
    let understood = match address {
        Address::Type(kind, query) => {
            pairs(query).and_then(|params| parse(&ctx.server.registry, &ctx.search_context(false), *kind, &params)).map(drop)
        }
        Address::History(scope, query) => pairs(query).and_then(|params| {
            let request = HistoryRequest { scope: scope.clone(), params };
            match history::query(ctx, &request) {
                Err(Error::BadRequest(issues)) => Err(issues),
                _ => Ok(()),
            }
        }),
        _ => Ok(()),
    };
    understood.err().unwrap_or_default()
}
