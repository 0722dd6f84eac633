//! Concept tables: big code systems in compact files that are mapped into memory, and the loaders that write them.
//!
//! It does not know: FHIR's resources, value sets, the store, HTTP, the clock.

pub mod codes;
