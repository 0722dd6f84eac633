//! `GET /fhir/metadata`: 200 with the CapabilityStatement.

use crate::answer::Answer;
use crate::exchange::Exchange;
use crate::failure::Failure;

/// The CapabilityStatement. `mode` other than `full` is refused.
pub(super) fn answer(exchange: &Exchange) -> Result<Answer, Failure> {
    let known = |(name, value): &(String, String)| matches!((name.as_str(), value.as_str()), ("_format" | "_pretty", _) | ("mode", "full"));
    if !exchange.query()?.iter().all(known) {
        return Err(Failure::UnknownParameter("capabilities know the parameters _format, _pretty and mode=full"));
    }
    Ok(Answer::ok(interaction::capabilities(&exchange.context())))
}
