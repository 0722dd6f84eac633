//! `DELETE /fhir/Patient/12`: 204, with ETag when there was something to delete; 409, 412.

use http::StatusCode;
use interaction::DeleteRequest;

use crate::answer::Answer;
use crate::condition::if_match;
use crate::exchange::Exchange;
use crate::failure::Failure;

/// A version that says that the resource is gone.
pub(super) async fn answer(exchange: &Exchange) -> Result<Answer, Failure> {
    exchange.refuse_parameters()?;
    let key = exchange.target().key()?;
    let if_match = if_match(exchange.headers())?;
    let deleted = interaction::delete(&exchange.context(), DeleteRequest { key, if_match }).await?;
    let answer = Answer::empty(StatusCode::NO_CONTENT);
    Ok(match deleted.version {
        Some(version) => answer.at_version(version, deleted.at),
        None => answer,
    })
}
