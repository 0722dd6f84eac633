//! `ValueSet/$expand`: the codes of a value set (<http://hl7.org/fhir/R4/valueset-operation-expand.html>).

use ::terminology::expand;
use ::terminology::request::ExpandRequest;
use fhir::primitive::instant_text;

use super::super::{Call, Operation, Parameter, Reply, Right, Types};
use super::engine::{answer, parameters};
use super::shared::{
    CHECK_SYSTEM_VERSION, CHECK_VALUE_SET_VERSION, CONTEXT, DATE, DEFAULT_VALUE_SET_VERSION, DIAGNOSTICS, DISPLAY_LANGUAGE,
    FORCE_SYSTEM_VERSION, FORCE_VALUE_SET_VERSION, INCLUDE_DESIGNATIONS, LATEST_VERSION, PROFILE_URL, RESOURCES, SUPPLEMENTS,
    SYSTEM_VERSION, UUID, VALUE_SET_ITSELF, VALUE_SET_URL, VALUE_SET_VERSION, VERSIONS_MATCH,
};
use crate::{Context, Error};

pub(in crate::operation) const OPERATION: Operation = Operation {
    code: "expand",
    id: "ValueSet-expand",
    name: "ValueSetExpand",
    doc: "Answers the codes of a value set, page by page, narrowed by a text.",
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
        VALUE_SET_ITSELF,
        VALUE_SET_VERSION,
        CONTEXT,
        Parameter::input("contextDirection", "code", 0, Some(1), "`incoming` or `outgoing`, for a context."),
        Parameter::input(
            "filter",
            "string",
            0,
            Some(1),
            "A text that the names of the codes have to match: each word begins a word of them.",
        ),
        DATE,
        Parameter::input("offset", "integer", 0, Some(1), "How many codes to pass over."),
        Parameter::input("count", "integer", 0, Some(1), "How many codes to answer; 0 for their number only."),
        INCLUDE_DESIGNATIONS,
        Parameter::input("designation", "string", 0, None, "Which names are answered: `system|code` of their use, or a language."),
        Parameter::input("includeDefinition", "boolean", 0, Some(1), "Whether the definition of the value set is answered too."),
        Parameter::input("activeOnly", "boolean", 0, Some(1), "Whether inactive codes are left out."),
        Parameter::input("excludeNested", "boolean", 0, Some(1), "Whether the answer is a flat list."),
        Parameter::input("excludeNotForUI", "boolean", 0, Some(1), "Whether codes that only group others are left out."),
        Parameter::input("excludePostCoordinated", "boolean", 0, Some(1), "Whether composed codes are left out."),
        DISPLAY_LANGUAGE,
        Parameter::input("exclude-system", "canonical", 0, None, "Code systems to leave out."),
        SYSTEM_VERSION,
        CHECK_SYSTEM_VERSION,
        FORCE_SYSTEM_VERSION,
        Parameter::input("property", "string", 0, None, "Properties of the codes to answer."),
        LATEST_VERSION,
        VERSIONS_MATCH,
        DIAGNOSTICS,
        PROFILE_URL,
        UUID,
        DEFAULT_VALUE_SET_VERSION,
        CHECK_VALUE_SET_VERSION,
        FORCE_VALUE_SET_VERSION,
        SUPPLEMENTS,
        RESOURCES,
        Parameter::output("return", "ValueSet", 1, Some(1), "The value set with its expansion."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// The ValueSet with `expansion`.
///
/// [`Error::Terminology`] when the value set, one that it includes, a code system or a supplement is not there, when it cannot be worked out, or
/// would have too many codes.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let parameters = parameters(ctx, &call, "valueSet").await?;
    let (now, identifier) = (instant_text(ctx.now()), format!("urn:uuid:{}", ctx.server.new_id()));
    answer(ctx, &parameters, |engine, parameters| expand(engine, ExpandRequest::read(parameters, &now, &identifier)?)).await
}
