//! `$name` at the system, a type or a resource: one module per operation.

mod convert;
mod frame;
mod meta;
mod validate;
mod versions;
