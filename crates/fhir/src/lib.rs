//! The FHIR R4 (4.0.1) model: what a resource is made of, and how it is read and written.
//!
//! - [`value`]: the JSON tree that every other room works on. It keeps number text, member order and `_field` members.
//! - [`json`]: JSON text to tree and back.
//! - [`xml`]: FHIR's XML to tree and back.
//! - [`narrative`]: which XHTML a narrative may have.
//! - [`definitions`]: the official definition tables: types, elements, search parameters, compartments, value sets.
//! - [`canonical`], [`library`]: addresses of conformance resources, and where these are found.
//! - [`check`]: whether a resource is built as its definition says.
//! - [`references`]: the references in a resource, replaced.
//! - [`outcome`]: issues found, and the OperationOutcome that reports them.
//!
//! This crate knows no I/O, no clock, no store and no HTTP.

pub mod canonical;
pub mod check;
pub mod codes;
pub mod definitions;
pub mod json;
pub mod library;
pub mod narrative;
mod nearest;
pub mod outcome;
mod position;
pub mod primitive;
pub mod references;
pub mod value;
pub mod xml;

pub use nearest::nearest;
pub use outcome::{Issue, IssueCode, Severity};
pub use value::{Name, Object, Value};
