//! `GET /fhir/Patient/12`: 200 with the resource, ETag and Last-Modified; 304 when the client has it; 404, 410.

use http::StatusCode;
use interaction::{ReadRequest, Selection};
use store::query::Version;

use crate::answer::Answer;
use crate::condition::is_known;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::handlers::binary;

/// The current version of a resource.
pub(super) async fn answer(exchange: &Exchange) -> Result<Answer, Failure> {
    let key = exchange.target().key()?;
    let selection = exchange.selection(key.kind)?;
    let version = interaction::read(&exchange.context(), ReadRequest { key }).await?;
    version_or_304(exchange, version, &selection)
}

/// The version, or the part of it that is asked for, unless the client has it already. A Binary goes out as its content when no format of
/// resources is asked for.
pub(super) fn version_or_304(exchange: &Exchange, version: Version, selection: &Selection) -> Result<Answer, Failure> {
    let known = is_known(exchange.headers(), &version);
    let answer = match version.text().filter(|_| !known) {
        Some(text) if binary::wants_content(exchange, version.key.kind) => binary::content(exchange, text, &version.key.id)?,
        Some(text) => Answer::ok(selection.apply_to(version.key.kind, text)),
        None => Answer::empty(StatusCode::NOT_MODIFIED),
    };
    Ok(answer.at_version(version.version, version.last_updated))
}
