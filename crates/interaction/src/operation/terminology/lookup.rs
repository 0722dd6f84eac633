//! `CodeSystem/$lookup`: what is known of a code (<http://hl7.org/fhir/R4/codesystem-operation-lookup.html>).

use ::terminology::lookup;
use ::terminology::request::LookupRequest;

use super::super::{Call, Operation, Parameter, Reply, Right, Types};
use super::engine::{answer, parameters};
use super::shared::{
    CHECK_SYSTEM_VERSION, CODE, CODING, DATE, DIAGNOSTICS, DISPLAY_LANGUAGE, FORCE_SYSTEM_VERSION, RESOURCES, SUPPLEMENTS, SYSTEM,
    SYSTEM_VERSION, UUID, VERSION,
};
use crate::{Context, Error};

pub(in crate::operation) const OPERATION: Operation = Operation {
    code: "lookup",
    id: "CodeSystem-lookup",
    name: "CodeSystemLookup",
    doc: "Answers what is known of a code: its display, other names and properties.",
    is_standard: true,
    system: false,
    on_type: true,
    on_instance: false,
    on_version: false,
    types: Types::Only(&["CodeSystem"]),
    affects_state: false,
    takes_criteria: false,
    right: Right::Definitions(&["CodeSystem"]),
    parameters: &[
        CODE,
        SYSTEM,
        VERSION,
        CODING,
        DATE,
        DISPLAY_LANGUAGE,
        Parameter::input("property", "code", 0, None, "Properties that are wanted; those that FHIR wants always come when none is named."),
        SUPPLEMENTS,
        SYSTEM_VERSION,
        CHECK_SYSTEM_VERSION,
        FORCE_SYSTEM_VERSION,
        DIAGNOSTICS,
        UUID,
        RESOURCES,
        Parameter::output("name", "string", 1, Some(1), "The name of the code system."),
        Parameter::output("version", "string", 0, Some(1), "The version of the code system."),
        Parameter::output("display", "string", 1, Some(1), "The display of the code."),
        Parameter::output("designation", "", 0, None, "Another name: its language, use and value.").of_parts(),
        Parameter::output("property", "", 0, None, "A property: its code, value and description.").of_parts(),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// Parameters with what is known.
///
/// [`Error::Terminology`] when the code or its system is not known.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let parameters = parameters(ctx, &call, "codeSystem").await?;
    answer(ctx, &parameters, |engine, parameters| lookup(engine, &LookupRequest::read(parameters)?)).await
}
