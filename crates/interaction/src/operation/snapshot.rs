//! `StructureDefinition/$snapshot`: a profile with all its elements (<http://hl7.org/fhir/R4/structuredefinition-operation-snapshot.html>).

use fhir::canonical::Canonical;
use fhir::library::Library;
use fhir::{Issue, IssueCode, Value};

use super::scan::tree;
use super::{Call, Operation, Parameter, Place, Reply, Right, Types};
use crate::{Context, Error, ReadRequest, codes, read};

pub(super) const OPERATION: Operation = Operation {
    code: "snapshot",
    id: "StructureDefinition-snapshot",
    name: "StructureDefinitionSnapshot",
    doc: "Answers a profile with its snapshot: all elements, made from the differential over the base.",
    is_standard: true,
    system: false,
    on_type: true,
    on_instance: true,
    on_version: false,
    types: Types::Only(&["StructureDefinition"]),
    affects_state: false,
    takes_criteria: false,
    right: Right::Definitions(&["StructureDefinition"]),
    parameters: &[
        Parameter::input("definition", "StructureDefinition", 0, Some(1), "The profile itself."),
        Parameter::input("url", "string", 0, Some(1), "Its canonical address, with a version after `|` or without."),
        Parameter::output("return", "StructureDefinition", 1, Some(1), "The profile with its snapshot."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// The StructureDefinition with a snapshot made anew. On a resource, the parameters do not count; otherwise `definition` counts before `url`.
///
/// [`Error::BadRequest`] when no profile is named, [`Error::Missing`] when it is not there, [`Error::Unprocessable`] when its differential does not fit its
/// base or that is not known, with the number of the rule, and the errors of a read.
async fn run(ctx: &Context, mut call: Call) -> Result<Reply, Error> {
    let library = ctx.server.library(ctx.tenant).await?;
    let definition = match &call.place {
        Place::Instance(key) => tree(&read(ctx, ReadRequest { key: key.clone() }).await?)?,
        _ => named(&mut call, &library)?,
    };
    let whole = profile::snapshot::with_snapshot(&definition, &library).map_err(|error| Error::Unprocessable(vec![error.issue()]))?;
    Ok(Reply::resource(&whole))
}

/// The profile that the parameters name.
fn named(call: &mut Call, library: &dyn Library) -> Result<Value, Error> {
    if let Some(definition) = call.arguments.take("definition") {
        return Ok(definition);
    }
    let Some(url) = call.arguments.text("url") else {
        let rule = "name the profile with `url`, send it as `definition`, or ask a StructureDefinition that is stored";
        return Err(Error::BadRequest(vec![Issue::error(codes::NO_DEFINITION, IssueCode::Required, "", rule)]));
    };
    let found = library.find("StructureDefinition", &Canonical::parse(url));
    let missing = || {
        let rule = format!("there is no StructureDefinition {url}: store it, or add the package that has it");
        Error::Missing(vec![Issue::error(codes::NO_DEFINITION, IssueCode::NotFound, "", rule)])
    };
    found.map(|definition| (*definition).clone()).ok_or_else(missing)
}
