//! Terminology: what the operations on code systems, value sets and concept maps answer (<http://hl7.org/fhir/R4/terminology-service.html>).
//!
//! It does not know: the store, HTTP, files, the clock. Resources come from a [`fhir::library::Library`].

pub mod codes;
