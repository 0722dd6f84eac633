//! `PUT /fhir/Patient/12` and `PUT /fhir/Patient?identifier=12`: 200, or 201 when it did not exist, with Location, ETag, Last-Modified
//! and what Prefer asks for; 400, 405, 409, 412, 413, 415, 422.

use interaction::{ConditionalUpdateRequest, UpdateRequest};

use crate::answer::Answer;
use crate::condition::{if_absent, if_match};
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::handlers::written::written;
use crate::handlers::{binary, not_supported};

/// A new version of a resource.
pub(super) async fn answer(exchange: &Exchange) -> Result<Answer, Failure> {
    exchange.refuse_parameters()?;
    let key = exchange.target().key()?;
    let (if_match, if_absent) = conditions(exchange)?;
    let resource = binary::resource(exchange, key.kind, Some(&key.id))?;
    let context = exchange.writing_context()?;
    let done = interaction::update(&context, UpdateRequest { key, resource, if_match, if_absent }).await?;
    Ok(written(exchange, &context.base_url, &done))
}

/// A new version of the resource that matches the criteria in the address, or a new resource.
pub(super) async fn answer_conditional(exchange: &Exchange) -> Result<Answer, Failure> {
    let kind = exchange.target().kind()?;
    let (if_match, if_absent) = conditions(exchange)?;
    let criteria = exchange.criteria()?;
    let resource = binary::resource(exchange, kind, None)?;
    let context = exchange.writing_context()?;
    let request = ConditionalUpdateRequest { kind, criteria, resource, if_match, if_absent };
    let done = interaction::conditional_update(&context, request).await?;
    Ok(written(exchange, &context.base_url, &done))
}

fn conditions(exchange: &Exchange) -> Result<(Option<u64>, bool), Failure> {
    match (if_match(exchange.headers())?, if_absent(exchange.headers())?) {
        (Some(_), true) => Err(not_supported("If-Match and If-None-Match contradict each other: send one of them")),
        conditions => Ok(conditions),
    }
}
