//! `$convert`: a resource in another format (<http://hl7.org/fhir/R4/resource-operation-convert.html>).
//!
//! The format of the answer is chosen as for every answer, so there is nothing to do here but to see that the resource has all that both
//! formats can say.

use fhir::{Severity, object};

use super::{Call, Operation, Parameter, Reply, Right, Types};
use crate::{Context, Error};

pub(super) const OPERATION: Operation = Operation {
    code: "convert",
    id: "Resource-convert",
    name: "Convert",
    doc: "Answers a resource in the format that Accept or _format names: JSON from XML, and XML from JSON.",
    is_standard: true,
    system: true,
    on_type: false,
    on_instance: false,
    on_version: false,
    types: Types::All,
    affects_state: false,
    takes_criteria: false,
    right: Right::Handed,
    parameters: &[
        Parameter::input("input", "Resource", 1, Some(1), "The resource."),
        Parameter::output("output", "Resource", 1, Some(1), "The same resource, in the format of the answer."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// The resource itself when the body was it, or Parameters with `output` when the body was Parameters.
///
/// [`Error::Invalid`] when the resource breaks FHIR's rules: what is no FHIR has no other format.
async fn run(_: &Context, mut call: Call) -> Result<Reply, Error> {
    let input = call.arguments.take("input").unwrap_or(fhir::Value::Null);
    let issues = fhir::check::check(&input);
    if issues.iter().any(|issue| issue.severity >= Severity::Error) {
        return Err(Error::Invalid(issues));
    }
    if call.arguments.is_bare {
        return Ok(Reply::resource(&input));
    }
    Ok(Reply::parameters(vec![object! { "name": "output", "resource": input }]))
}
