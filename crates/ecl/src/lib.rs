//! SNOMED CT's Expression Constraint Language (<https://confluence.ihtsdotools.org/display/DOCECL>): parse, and evaluate over concepts that are handed in.
//!
//! It does not know: files, FHIR's resources, HTTP.

pub mod codes;
