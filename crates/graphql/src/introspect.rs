//! What the schema says of itself (<https://spec.graphql.org/October2021/#sec-Introspection>), told by the same tables that answer queries.

mod arguments;
mod directive;
mod kind;
mod meta;
mod types;

pub(crate) use directive::DIRECTIVES;
pub(crate) use kind::{Field, Kind, field, names, root};
pub(crate) use meta::{Made, Meta, Root, type_named};
