//! `$batch-validate-code`: many validations in one request, as servers of terminology and validators have agreed on it
//! (<https://build.fhir.org/ig/HL7/fhir-tx-ecosystem-ig/>).

use ::terminology::validate_batch;

use super::super::{Call, Operation, Parameter, Reply, Right, Types};
use super::engine::{answer, parameters};
use super::shared::{
    ABSTRACT, CHECK_SYSTEM_VERSION, CHECK_VALUE_SET_VERSION, DEFAULT_VALUE_SET_VERSION, DIAGNOSTICS, DISPLAY_LANGUAGE, EXCLUDE_NESTED,
    FORCE_SYSTEM_VERSION, FORCE_VALUE_SET_VERSION, INCLUDE_DESIGNATIONS, INFER_SYSTEM, LATEST_VERSION, LENIENT_DISPLAY, MEMBERSHIP_ONLY,
    PROFILE_URL, RESOURCES, SUPPLEMENTS, SYSTEM, SYSTEM_VERSION, UUID, VERSION_OF_SYSTEM,
};
use crate::{Context, Error};

pub(in crate::operation) const OPERATION: Operation = Operation {
    code: "batch-validate-code",
    id: "ValueSet-batch-validate-code",
    name: "BatchValidateCode",
    doc: "Does many validations of codes, of value sets and code systems alike.",
    is_standard: false,
    system: false,
    on_type: true,
    on_instance: false,
    on_version: false,
    types: Types::Only(&["CodeSystem", "ValueSet"]),
    affects_state: false,
    takes_criteria: false,
    right: Right::Definitions(&["CodeSystem", "ValueSet"]),
    parameters: &[
        Parameter::input("validation", "Parameters", 1, None, "The parameters of one validation, as `$validate-code` takes them."),
        Parameter::input("url", "uri", 0, Some(1), "The value set of all validations that name none."),
        Parameter::input("valueSet", "ValueSet", 0, Some(1), "The same, itself."),
        Parameter::input("valueSetVersion", "string", 0, Some(1), "The version of that value set."),
        SYSTEM,
        VERSION_OF_SYSTEM,
        ABSTRACT,
        DISPLAY_LANGUAGE,
        INFER_SYSTEM,
        LENIENT_DISPLAY,
        MEMBERSHIP_ONLY,
        SYSTEM_VERSION,
        CHECK_SYSTEM_VERSION,
        FORCE_SYSTEM_VERSION,
        DEFAULT_VALUE_SET_VERSION,
        CHECK_VALUE_SET_VERSION,
        FORCE_VALUE_SET_VERSION,
        LATEST_VERSION,
        DIAGNOSTICS,
        PROFILE_URL,
        INCLUDE_DESIGNATIONS,
        EXCLUDE_NESTED,
        UUID,
        SUPPLEMENTS,
        RESOURCES,
        Parameter::output(
            "validation",
            "Resource",
            1,
            None,
            "Parameters with the result, or the OperationOutcome that says why there is none.",
        ),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// Parameters with `validation` for each that was asked, in their order. What stands beside them counts for each that does not say otherwise.
///
/// One that cannot be answered is an OperationOutcome in its place; only what is no Parameters resource at all is an error.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let parameters = parameters(ctx, &call, "valueSet").await?;
    answer(ctx, &parameters, validate_batch).await
}
