//! `$validate-code`: whether a code is in a value set (<http://hl7.org/fhir/R4/valueset-operation-validate-code.html>) or in a code system
//! (<http://hl7.org/fhir/R4/codesystem-operation-validate-code.html>).

use ::terminology::request::ValidateRequest;
use ::terminology::{validate_in_code_system, validate_in_value_set};

use super::super::{Call, Operation, Parameter, Reply, Right, Types};
use super::engine::{answer, parameters};
use super::shared::{
    ABSTRACT, CHECK_SYSTEM_VERSION, CHECK_VALUE_SET_VERSION, CODE, CODEABLE_CONCEPT, CODING, CONTEXT, DATE, DEFAULT_VALUE_SET_VERSION,
    DIAGNOSTICS, DISPLAY, DISPLAY_LANGUAGE, EXCLUDE_NESTED, FORCE_SYSTEM_VERSION, FORCE_VALUE_SET_VERSION, INCLUDE_DESIGNATIONS,
    INFER_SYSTEM, LATEST_VERSION, LENIENT_DISPLAY, MEMBERSHIP_ONLY, PROFILE_URL, RESOURCES, SUPPLEMENTS, SYSTEM, SYSTEM_VERSION, UUID,
    VALUE_SET_ITSELF, VALUE_SET_URL, VALUE_SET_VERSION, VERSION, VERSION_OF_SYSTEM, VERSIONS_MATCH,
};
use crate::{Context, Error};

const RESULT: Parameter = Parameter::output("result", "boolean", 1, Some(1), "Whether the code is valid.");
const MESSAGE: Parameter = Parameter::output("message", "string", 0, Some(1), "Why it is not, or what to mind.");
const RIGHT_DISPLAY: Parameter = Parameter::output("display", "string", 0, Some(1), "A display of the code.");

pub(in crate::operation) const VALUE_SET: Operation = Operation {
    code: "validate-code",
    id: "ValueSet-validate-code",
    name: "ValueSetValidateCode",
    doc: "Says whether a code is in a value set, and whether its display is right.",
    is_standard: true,
    system: false,
    on_type: true,
    on_instance: true,
    on_version: false,
    types: Types::Only(&["ValueSet"]),
    affects_state: false,
    takes_criteria: false,
    right: Right::Definitions(&["CodeSystem", "ValueSet"]),
    parameters: &[
        VALUE_SET_URL,
        CONTEXT,
        VALUE_SET_ITSELF,
        VALUE_SET_VERSION,
        CODE,
        SYSTEM,
        VERSION_OF_SYSTEM,
        DISPLAY,
        CODING,
        CODEABLE_CONCEPT,
        DATE,
        ABSTRACT,
        DISPLAY_LANGUAGE,
        INFER_SYSTEM,
        LENIENT_DISPLAY,
        MEMBERSHIP_ONLY,
        LATEST_VERSION,
        VERSIONS_MATCH,
        DIAGNOSTICS,
        PROFILE_URL,
        INCLUDE_DESIGNATIONS,
        EXCLUDE_NESTED,
        UUID,
        SYSTEM_VERSION,
        CHECK_SYSTEM_VERSION,
        FORCE_SYSTEM_VERSION,
        DEFAULT_VALUE_SET_VERSION,
        CHECK_VALUE_SET_VERSION,
        FORCE_VALUE_SET_VERSION,
        SUPPLEMENTS,
        RESOURCES,
        RESULT,
        MESSAGE,
        RIGHT_DISPLAY,
    ],
    run: |ctx, call| Box::pin(in_value_set(ctx, call)),
};

pub(in crate::operation) const CODE_SYSTEM: Operation = Operation {
    id: "CodeSystem-validate-code",
    name: "CodeSystemValidateCode",
    doc: "Says whether a code is in a code system, and whether its display is right.",
    types: Types::Only(&["CodeSystem"]),
    parameters: &[
        Parameter::input("url", "uri", 0, Some(1), "The canonical address of the code system."),
        Parameter::input("codeSystem", "CodeSystem", 0, Some(1), "The code system itself."),
        CODE,
        VERSION,
        DISPLAY,
        CODING,
        CODEABLE_CONCEPT,
        DATE,
        ABSTRACT,
        DISPLAY_LANGUAGE,
        LENIENT_DISPLAY,
        LATEST_VERSION,
        DIAGNOSTICS,
        PROFILE_URL,
        INCLUDE_DESIGNATIONS,
        EXCLUDE_NESTED,
        UUID,
        SYSTEM_VERSION,
        CHECK_SYSTEM_VERSION,
        FORCE_SYSTEM_VERSION,
        SUPPLEMENTS,
        RESOURCES,
        RESULT,
        MESSAGE,
        RIGHT_DISPLAY,
    ],
    run: |ctx, call| Box::pin(in_code_system(ctx, call)),
    ..VALUE_SET
};

/// Parameters with the result, and with why when it is false: an unknown code is an answer.
///
/// [`Error::Terminology`] when nothing is named that could be judged, or the value set is not there.
async fn in_value_set(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let parameters = parameters(ctx, &call, "valueSet").await?;
    answer(ctx, &parameters, |engine, parameters| validate_in_value_set(engine, ValidateRequest::read_for_value_set(parameters)?)).await
}

/// The same for a code system.
async fn in_code_system(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let parameters = parameters(ctx, &call, "codeSystem").await?;
    answer(ctx, &parameters, |engine, parameters| validate_in_code_system(engine, ValidateRequest::read_for_code_system(parameters)?)).await
}
