//! What the PATCH entries of a transaction make.

use fhir::Value;
use fhir::definitions::ResourceType;
use store::query::Version;

use crate::bundle::Entry;
use crate::transaction::links::Links;
use crate::transaction::rewrite::rewrite;
use crate::{Error, patch};

/// Puts what the patch makes of `version` in the place of the patch, so that the plan takes it as it takes the resource of an update.
/// Links in the values of a FHIRPath Patch lead to where the transaction puts their targets; in a Binary there are none to be known.
///
/// [`Error::BadRequest`] when it is no patch, and the errors of [`patch::patched`], their places within the Bundle.
pub(super) fn apply(entry: &mut Entry, version: &Version, links: &Links, base_url: &str) -> Result<(), Error> {
    let full_url = entry.full_url.clone();
    let Some(resource) = &mut entry.resource else { return Ok(()) };
    if let Some(kind) = resource.resource_type().and_then(ResourceType::parse) {
        rewrite(resource, kind, &links.seen_from(full_url.as_deref(), base_url));
    }
    let patch = patch::of_entry(resource);
    let patch = patch.map_err(|issues| Error::BadRequest(entry.place(issues)))?;
    let patched = patch::patched(version, &patch, entry.if_match);
    let patched: Value = patched.map_err(|error| match error {
        Error::Unprocessable(issues) => Error::Unprocessable(entry.place(issues)),
        other => other,
    })?;
    entry.resource = Some(patched);
    Ok(())
}
