//! `POST /fhir`: 200 with a Bundle that says what became of each entry; 400, 409, 412, 413, 415, 422 when a transaction is refused.

use interaction::Returning;

use crate::answer::Answer;
use crate::body;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::preference::Preference;

/// A batch or transaction. What was written comes back only when Prefer asks for it.
pub(super) async fn answer(exchange: &Exchange) -> Result<Answer, Failure> {
    exchange.refuse_parameters()?;
    let bundle = body::resource(exchange.headers(), &exchange.body)?;
    let returning = Preference::of(exchange.headers()).returning.unwrap_or(Returning::Minimal);
    Ok(Answer::ok(interaction::process(&exchange.context_with_language(), bundle, returning).await?))
}
