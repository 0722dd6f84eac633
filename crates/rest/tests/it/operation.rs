//! `$name` at the system, a type or a resource: one module per operation.

mod convert;
mod everything;
mod frame;
mod meta;
mod validate;
mod versions;
