//! `$expunge`: a resource, or its past, removed for good. FHIR R4 has no such operation; HAPI has it under this name, of which this is the part for one
//! resource, and like it the server's settings must allow it.

use fhir::object;
use store::commit::Extent;

use super::{Call, Operation, Parameter, Place, Reply, Right, Types, purge};
use crate::erase::{EraseRequest, erase};
use crate::{Context, Error};

pub(super) const OPERATION: Operation = Operation {
    code: "expunge",
    id: "Resource-expunge",
    name: "Expunge",
    doc: "Removes a resource with all its versions for good, or only its past versions, where the settings allow it.",
    is_standard: false,
    system: false,
    on_type: false,
    on_instance: true,
    on_version: false,
    types: Types::All,
    affects_state: true,
    takes_criteria: false,
    right: Right::Named,
    parameters: &[
        Parameter::input("expungePreviousVersions", "boolean", 0, Some(1), "Only the versions before the current one."),
        purge::FORCE,
        purge::BY_LAW,
        Parameter::output("count", "integer", 1, Some(1), "How many versions are gone."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// Parameters with `count`, the number of versions that are gone.
///
/// [`Error::EraseOff`] when the settings do not allow it, and the errors of [`erase`].
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    purge::check_allowed(ctx)?;
    let Place::Instance(key) = call.place else { return Err(Error::BadId) };
    let extent = if call.arguments.truth("expungePreviousVersions") == Some(true) { Extent::Past } else { Extent::All };
    let force = call.arguments.truth("force") == Some(true);
    let by_law = call.arguments.truth("byLaw") == Some(true);
    let versions = erase(ctx, EraseRequest { key, extent, if_match: call.if_match, force, by_law }).await?;
    Ok(Reply::parameters(vec![object! { "name": "count", "valueInteger": versions }]))
}
