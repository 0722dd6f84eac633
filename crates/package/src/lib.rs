//! FHIR's NPM packages (<https://confluence.hl7.org/display/FHIR/NPM+Package+Specification>): unpack, manifest, dependencies.
//!
//! It does not know: the store, HTTP, the network.

pub mod codes;
