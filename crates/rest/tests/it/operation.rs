//! `$name` at the system, a type or a resource: one module per operation.

mod convert;
mod everything;
mod fhirpath;
mod find;
mod frame;
mod lastn;
mod meta;
mod stats;
mod validate;
mod versions;
