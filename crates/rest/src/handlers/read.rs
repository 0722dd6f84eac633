//! `GET /fhir/Patient/12`: 200 with the resource, ETag and Last-Modified; 304 when the client has it; 404, 410.

use http::StatusCode;
use interaction::ReadRequest;
use store::query::Version;

use crate::answer::Answer;
use crate::condition::is_known;
use crate::exchange::Exchange;
use crate::failure::Failure;

/// The current version of a resource.
pub(super) async fn answer(exchange: &Exchange) -> Result<Answer, Failure> {
    exchange.refuse_parameters()?;
    let key = exchange.target().key()?;
    let version = interaction::read(&exchange.context(), ReadRequest { key }).await?;
    Ok(version_or_304(exchange, version))
}

/// The version, unless the client has it already.
pub(super) fn version_or_304(exchange: &Exchange, version: Version) -> Answer {
    let known = is_known(exchange.headers(), &version);
    let answer = match version.text().filter(|_| !known) {
        Some(text) => Answer::ok(text.clone()),
        None => Answer::empty(StatusCode::NOT_MODIFIED),
    };
    answer.at_version(version.version, version.last_updated)
}
