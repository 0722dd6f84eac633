//! Patches: changes to a resource, written down (<http://hl7.org/fhir/R4/http.html#patch>).
//!
//! FHIR has three languages for them, one module each: [`json_patch`] (RFC 6902), [`xml_patch`] (RFC 5261) and [`fhirpath_patch`]
//! (<http://hl7.org/fhir/R4/fhirpatch.html>); clients of other servers also use [`merge_patch`] (RFC 7396). A [`Patch`] is read once and applied as a whole: either every operation is done or the
//! first that cannot be done is named, and the resource is as it was.
//!
//! Whatever comes in, there is a result or an error: operations, depth and growth are bounded by [`limits`].
//!
//! This crate knows no store, no HTTP and no clock, and does not judge whether what comes out is a valid resource.

pub mod codes;
pub mod fhirpath_patch;
pub mod json_patch;
pub mod limits;
pub mod merge_patch;
mod patch;
mod prune;
mod refusal;
pub mod xml_patch;

pub use patch::Patch;
