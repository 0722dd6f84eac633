//! `GET /fhir/metadata`: 200 with the CapabilityStatement, or with `?mode=terminology` the TerminologyCapabilities; 400.

use fhir::definitions::ResourceType;
use interaction::{Mode, Selection};

use crate::answer::Answer;
use crate::exchange::Exchange;
use crate::failure::Failure;

/// The statement of the mode that is asked for.
pub(super) fn answer(exchange: &Exchange) -> Result<Answer, Failure> {
    let mut mode = Mode::default();
    let params = exchange.query()?;
    for (name, value) in &params {
        match (name.as_str(), Mode::parse(value)) {
            ("_format" | "_pretty" | "_summary" | "_elements", _) => {}
            ("mode", Some(asked)) => mode = asked,
            _ => {
                let known = "capabilities know the parameters _format, _pretty, _summary, _elements and mode, which is full, normative or terminology";
                return Err(Failure::UnknownParameter(known));
            }
        }
    }
    let statement = interaction::capabilities(&exchange.context(), mode);
    let name = if mode == Mode::Full { "CapabilityStatement" } else { "TerminologyCapabilities" };
    Ok(Answer::ok(match ResourceType::parse(name) {
        Some(kind) => Selection::of_params(Some(kind), &params)?.apply_to(kind, &statement),
        None => statement,
    }))
}
