//! Proofs that run the whole of Ward: random resources made from FHIR's definitions, random searches over every parameter, modifier and
//! prefix, and the same answers from every engine.
//!
//! - [`resources`]: random resources of all types, each of which passes [`fhir::check`].
//! - [`path`]: the elements that a search parameter's expression names, found without FHIRPath.
//! - [`matrix`]: every parameter × modifier × prefix: whether it can be searched by, and why not.
//! - [`page`] writes `docs/conformance/search.md`.
//! - [`queries`]: random searches whose values are in the data, or nearly.
//! - [`engines`]: the same server on every engine.
//! - [`oracle`]: what a search means, said a second time, from the JSON alone.
//! - [`run`]: all of it together.
//! - [`hidden`]: what somebody may not see is not there, in no answer.
//!
//! Nothing depends on this crate: it is only there to be run by tests and tasks.

pub mod engines;
pub mod hidden;
pub mod matrix;
pub mod oracle;
pub mod page;
pub mod path;
pub mod queries;
mod random;
pub mod resources;
pub mod run;
