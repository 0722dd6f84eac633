//! `$name` at the system, a type or a resource: one module per operation.

mod bundle;
mod capability_statement;
mod closure;
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
mod preferred_id;
mod snapshot;
mod stats;
mod terminology;
mod terminology_suite;
mod validate;
mod versions;
