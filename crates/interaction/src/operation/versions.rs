//! `$versions`: which versions of FHIR the server speaks (<http://hl7.org/fhir/R4/capabilitystatement-operation-versions.html>).

use fhir::object;

use super::{Call, Operation, Parameter, Reply, Right, Types};
use crate::{Context, Error};

pub(super) const OPERATION: Operation = Operation {
    code: "versions",
    id: "CapabilityStatement-versions",
    name: "Versions",
    doc: "Says which versions of FHIR the server speaks.",
    is_standard: true,
    system: true,
    on_type: false,
    on_instance: false,
    on_version: false,
    types: Types::Only(&["CapabilityStatement"]),
    affects_state: false,
    takes_criteria: false,
    right: Right::Handed,
    parameters: &[
        Parameter::output("version", "code", 1, None, "A version that the server speaks: major.minor."),
        Parameter::output("default", "code", 1, Some(1), "The one that it speaks unless told otherwise."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

async fn run(_: &Context, _: Call) -> Result<Reply, Error> {
    Ok(Reply::parameters(vec![object! { "name": "version", "valueCode": "4.0" }, object! { "name": "default", "valueCode": "4.0" }]))
}
