//! `GET /fhir/metadata`: 200 with the CapabilityStatement, or with `?mode=terminology` the TerminologyCapabilities; 400.

use interaction::Mode;

use crate::answer::Answer;
use crate::exchange::Exchange;
use crate::failure::Failure;

/// The statement of the mode that is asked for.
pub(super) fn answer(exchange: &Exchange) -> Result<Answer, Failure> {
    let mut mode = Mode::default();
    for (name, value) in exchange.query()? {
        match (name.as_str(), Mode::parse(&value)) {
            ("_format" | "_pretty", _) => {}
            ("mode", Some(asked)) => mode = asked,
            _ => {
                let known = "capabilities know the parameters _format, _pretty and mode, which is full, normative or terminology";
                return Err(Failure::UnknownParameter(known));
            }
        }
    }
    Ok(Answer::ok(interaction::capabilities(&exchange.context(), mode)))
}
