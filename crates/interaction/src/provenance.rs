//! The Provenance that a client hands in beside what it writes, in the header X-Provenance
//! (<http://hl7.org/fhir/R4/provenance.html>, <http://hl7.org/fhir/R4/http.html#custom>).
//!
//! It is committed with the resource that it is about: either both are stored or neither is.

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, Value, array, object};
use store::commit::Key;

use crate::prepare::Prepared;
use crate::{Context, Error, codes};

/// A Provenance ready to be stored.
pub(crate) struct Stated {
    pub(crate) resource: Value,
    pub(crate) prepared: Prepared,
}

/// Whether a Provenance can be handed in beside a write: its target is the server's to give, as a client does not know it yet.
///
/// [`Error::BadRequest`] when it is no Provenance, or names a target.
pub(crate) fn check(provenance: &Value) -> Result<(), Error> {
    let refuse =
        |place: &str, remedy| Err(Error::BadRequest(vec![Issue::error(codes::STATED_PROVENANCE, IssueCode::Invalid, place, remedy)]));
    if provenance.resource_type() != Some("Provenance") {
        return refuse("resourceType", "the header X-Provenance has a Provenance resource, in JSON");
    }
    if provenance.get("target").is_some() {
        return refuse("Provenance.target", "the target of the Provenance in X-Provenance is what is written with it: leave it out");
    }
    Ok(())
}

/// The Provenance that came with a write of `target`, under an id of its own; `None` when none came.
///
/// The errors of [`crate::prepare::prepare`], their places in the Provenance.
pub(crate) async fn stated(ctx: &Context, target: &Key) -> Result<Option<Stated>, Error> {
    let (Some(provenance), Some(kind)) = (&ctx.provenance, ResourceType::parse("Provenance")) else { return Ok(None) };
    let mut resource = Value::clone(provenance);
    if let Some(members) = resource.as_object_mut() {
        members.set("target", array![object! { "reference": target.to_string() }]);
    }
    let key = ctx.new_key(kind);
    let mut prepared = ctx.prepare(&resource, key).await?;
    // It comes into being in the same commit.
    prepared.targets.retain(|key| key != target);
    Ok(Some(Stated { resource, prepared }))
}
