//! `PUT /fhir/Patient/12`: 200, or 201 when it did not exist, with Location, ETag, Last-Modified and what Prefer asks for; 400, 405, 409,
//! 412, 413, 415, 422.

use interaction::UpdateRequest;

use crate::answer::Answer;
use crate::body;
use crate::condition::{if_absent, if_match};
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::handlers::{not_supported, written::written};

/// A new version of a resource.
pub(super) async fn answer(exchange: &Exchange) -> Result<Answer, Failure> {
    exchange.refuse_parameters()?;
    let key = exchange.target().key()?;
    let (if_match, if_absent) = (if_match(exchange.headers())?, if_absent(exchange.headers())?);
    if if_match.is_some() && if_absent {
        return Err(not_supported("If-Match and If-None-Match contradict each other: send one of them"));
    }
    let resource = body::resource(exchange.headers(), &exchange.body)?;
    let context = exchange.context();
    let done = interaction::update(&context, UpdateRequest { key, resource, if_match, if_absent }).await?;
    Ok(written(exchange, &context.base_url, &done))
}
