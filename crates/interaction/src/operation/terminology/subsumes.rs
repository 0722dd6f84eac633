//! `CodeSystem/$subsumes`: how two codes stand to each other (<http://hl7.org/fhir/R4/codesystem-operation-subsumes.html>).

use ::terminology::request::SubsumesRequest;
use ::terminology::subsumes;

use super::super::{Call, Operation, Parameter, Reply, Right, Types};
use super::engine::{answer, parameters};
use super::shared::{DIAGNOSTICS, RESOURCES, SYSTEM, SYSTEM_VERSION, UUID, VERSION};
use crate::{Context, Error};

pub(in crate::operation) const OPERATION: Operation = Operation {
    code: "subsumes",
    id: "CodeSystem-subsumes",
    name: "CodeSystemSubsumes",
    doc: "Says whether a code stands above another, below it, beside it, or is the same.",
    is_standard: true,
    system: false,
    on_type: true,
    on_instance: true,
    on_version: false,
    types: Types::Only(&["CodeSystem"]),
    affects_state: false,
    takes_criteria: false,
    right: Right::Definitions(&["CodeSystem"]),
    parameters: &[
        Parameter::input("codeA", "code", 0, Some(1), "The first code."),
        Parameter::input("codeB", "code", 0, Some(1), "The second code."),
        SYSTEM,
        VERSION,
        Parameter::input("codingA", "Coding", 0, Some(1), "The first code with its system."),
        Parameter::input("codingB", "Coding", 0, Some(1), "The second code with its system."),
        SYSTEM_VERSION,
        DIAGNOSTICS,
        UUID,
        RESOURCES,
        Parameter::output("outcome", "code", 1, Some(1), "`equivalent`, `subsumes`, `subsumed-by` or `not-subsumed`."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// Parameters with `outcome`.
///
/// [`Error::Terminology`] when a code or the system is missing or not known, or the two are of different systems.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let parameters = parameters(ctx, &call, "codeSystem").await?;
    answer(ctx, &parameters, |engine, parameters| {
        let system = parameters.list("parameter").find(|parameter| parameter.text("name") == Some("codeSystem"));
        let system = system.and_then(|system| {
            let system = system.get("resource")?;
            Some((system.text("url")?, system.text("version")))
        });
        subsumes(engine, &SubsumesRequest::read(parameters, system)?)
    })
    .await
}
