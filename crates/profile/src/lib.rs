//! Profiles: snapshots, plans, and the validation of resources by them (<http://hl7.org/fhir/R4/validation.html>).
//!
//! - [`base`]: what FHIR itself asks of every resource beyond its structure; [`bundle`] and [`questionnaire`] are the rules of those resources.
//! - [`snapshot`]: all elements of a profile, from its differential over its base.
//! - [`Plans`]: profiles compiled for the walk, kept as long as a library stays as it is.
//! - [`validate`]: one walk over a resource with the profiles that it claims or must fit.
//! - [`Conformance`]: what FHIRPath's `conformsTo()` asks of the profiles of a library.
//! - [`binding`]: whom the walk asks about codes.
//!
//! It does not know: the store, HTTP, the clock. Definitions come from a [`fhir::library::Library`], codes are judged by whom it is handed.

pub mod base;
pub mod binding;
pub mod bundle;
pub mod codes;
mod options;
mod plan;
pub mod questionnaire;
pub mod snapshot;
mod walk;

pub use options::Options;
pub use plan::Plans;
pub use walk::{Conformance, MAX_ISSUES, validate};
