//! The token of a page of a history: the row, or with `_at` the place in the list, where it begins.

use ::search::page;
use fhir::Issue;
use store::query::Place;
use xxhash_rust::xxh3::xxh3_64;

use crate::Context;
use crate::history::HistoryRequest;

/// Identifies the history: a token of another one is refused. How many versions a page has and how they are written does not matter.
fn fingerprint(ctx: &Context, request: &HistoryRequest) -> u64 {
    let mut text = format!("{}\0{:?}", ctx.tenant.0, request.scope);
    for (name, value) in request.params.iter().filter(|(name, _)| matches!(name.as_str(), "_since" | "_at")) {
        text.push_str(&format!("\0{name}{}:{value}", value.len()));
    }
    xxh3_64(text.as_bytes())
}

/// The token of the page that begins behind `row`.
pub(super) fn encode(ctx: &Context, request: &HistoryRequest, row: u64) -> String {
    let place = Place { keys: vec![None], resource: row };
    page::encode(&place, fingerprint(ctx, request), &ctx.server.page_seal)
}

/// The row that a token stands for.
///
/// WARD-0327 for what is no token, WARD-0328 for that of another history.
pub(super) fn decode(ctx: &Context, request: &HistoryRequest, token: &str) -> Result<u64, Issue> {
    page::decode(token, fingerprint(ctx, request), 1, &ctx.server.page_seal).map(|place| place.resource)
}
