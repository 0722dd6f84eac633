//! Keys and what is sealed with them.
//!
//! - [`codes`]: the issue numbers of this crate.
//!
//! This crate knows no FHIR, no store, no HTTP and no clock.

pub mod codes;
