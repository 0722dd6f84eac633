//! Profiles: snapshots, plans, and the validation of resources by them (<http://hl7.org/fhir/R4/validation.html>).
//!
//! It does not know: the store, HTTP, the clock. Definitions come from a [`fhir::library::Library`], codes are judged by whom it is handed.

pub mod base;
pub mod bundle;
pub mod codes;
pub mod questionnaire;
