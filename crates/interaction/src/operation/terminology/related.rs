//! `ValueSet/$related`: how two value sets stand to each other, as it is on trial among servers of terminology
//! (<https://build.fhir.org/ig/HL7/fhir-tx-ecosystem-ig/>).

use ::terminology::{RelatedRequest, related};

use super::super::{Call, Operation, Parameter, Reply, Right, Types};
use super::engine::{answer, parameters};
use super::shared::{
    CHECK_SYSTEM_VERSION, CHECK_VALUE_SET_VERSION, DEFAULT_VALUE_SET_VERSION, DIAGNOSTICS, FORCE_SYSTEM_VERSION, FORCE_VALUE_SET_VERSION,
    RESOURCES, SUPPLEMENTS, SYSTEM_VERSION, UUID, VERSIONS_MATCH,
};
use crate::{Context, Error};

pub(in crate::operation) const OPERATION: Operation = Operation {
    code: "related",
    id: "ValueSet-related",
    name: "ValueSetRelated",
    doc: "Says whether two value sets have the same codes, or one has more than the other, or both share some.",
    is_standard: false,
    system: false,
    on_type: true,
    on_instance: true,
    on_version: false,
    types: Types::Only(&["ValueSet"]),
    affects_state: false,
    takes_criteria: false,
    right: Right::Definitions(&["CodeSystem", "ValueSet"]),
    parameters: &[
        Parameter::input("thisUrl", "uri", 0, Some(1), "The canonical address of the one value set."),
        Parameter::input("thisVersion", "string", 0, Some(1), "Its version."),
        Parameter::input("thisValueSet", "ValueSet", 0, Some(1), "The one value set itself."),
        Parameter::input("otherUrl", "uri", 0, Some(1), "The canonical address of the other."),
        Parameter::input("otherVersion", "string", 0, Some(1), "Its version."),
        Parameter::input("otherValueSet", "ValueSet", 0, Some(1), "The other itself."),
        DIAGNOSTICS,
        VERSIONS_MATCH,
        SYSTEM_VERSION,
        CHECK_SYSTEM_VERSION,
        FORCE_SYSTEM_VERSION,
        DEFAULT_VALUE_SET_VERSION,
        CHECK_VALUE_SET_VERSION,
        FORCE_VALUE_SET_VERSION,
        SUPPLEMENTS,
        UUID,
        RESOURCES,
        Parameter::output(
            "result",
            "code",
            1,
            Some(1),
            "`same`, `superset`, `subset`, `overlapping`, `disjoint`, `empty` or `indeterminate`.",
        ),
        Parameter::output("message", "string", 0, Some(1), "The same in a sentence."),
        Parameter::output("performed-expansion", "boolean", 0, Some(1), "Whether the value sets were expanded to know it."),
        Parameter::output("common-codes", "string", 0, Some(1), "With `diagnostics`: the codes that both have."),
        Parameter::output("missing-codes", "string", 0, Some(1), "With `diagnostics`: the codes that only the one has."),
        Parameter::output("extra-codes", "string", 0, Some(1), "With `diagnostics`: the codes that only the other has."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// Parameters with `result`; on a resource, that is the one value set.
///
/// [`Error::Terminology`] when a value set is missing or not known.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let parameters = parameters(ctx, &call, "thisValueSet").await?;
    answer(ctx, &parameters, |engine, parameters| related(engine, RelatedRequest::read(parameters)?)).await
}
