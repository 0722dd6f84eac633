//! `$name` at the system, a type or a resource: one module per operation.

mod bundle;
mod convert;
mod definitions;
mod document;
mod everything;
mod expunge;
mod fhirpath;
mod find;
mod frame;
mod graph;
mod lastn;
mod meta;
mod stats;
mod terminology;
mod validate;
mod versions;
