//! What may be asked of what: the types of FHIR's definitions and those that a search is made of, and the fields of each.
//!
//! Nothing is written down twice: elements come from `fhir::definitions`, and what introspection says comes from here.

mod member;
mod name;
mod scope;

pub(crate) use member::{Member, Part, of_query, of_type, parts};
pub(crate) use name::{name_of, named, nearest_type, resource_of, scalar_name};
pub(crate) use scope::Scope;
