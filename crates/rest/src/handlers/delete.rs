//! `DELETE /fhir/Patient/12` and `DELETE /fhir/Patient?identifier=12`: 204, with ETag when one resource was there to delete; 400, 409, 412.

use http::StatusCode;
use interaction::{ConditionalDeleteRequest, DeleteRequest, Deleted};

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
    Ok(gone(&[deleted]))
}

/// The same for what matches the criteria in the address.
pub(super) async fn answer_conditional(exchange: &Exchange) -> Result<Answer, Failure> {
    let kind = exchange.target().kind()?;
    let if_match = if_match(exchange.headers())?;
    let request = ConditionalDeleteRequest { kind, criteria: exchange.criteria()?, if_match };
    Ok(gone(&interaction::conditional_delete(&exchange.context(), request).await?))
}

fn gone(deleted: &[Deleted]) -> Answer {
    let answer = Answer::empty(StatusCode::NO_CONTENT);
    match deleted {
        [Deleted { version: Some(version), at }] => answer.at_version(*version, *at),
        _ => answer,
    }
}
