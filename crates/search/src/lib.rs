//! Search: which parameters there are, what a resource can be found by, and what a query asks.
//!
//! - [`registry`]: the search parameters of every R4 type.
//! - [`extract`]: the index entries of a resource, by the parameters' FHIRPath expressions.
//! - [`registry::support`]: what can be asked of each parameter, or why not.
//! - [`compartment`]: what belongs to a patient or another owner.
//! - [`owners`]: the one patient to whom a version belongs.
//! - [`code_set`]: the sets of codes that a query names; somebody else knows them.
//! - [`mod@parse`]: a query string as a typed plan.
//! - [`page`]: the token that says where a page ends.
//! - [`url`]: the pairs of a query string.
//! - [`fold`]: texts without what searches pass over: case, accents, width.
//! - [`date`]: the date by which the resources of a type are ordered.
//!
//! This crate knows no engine, no HTTP, no clock and no terminology: the present moment, and what is in a value set, come in with [`parse::SearchContext`].

pub mod code_set;
pub mod codes;
pub mod compartment;
pub mod date;
pub mod extract;
pub mod fold;
pub mod owners;
pub mod page;
pub mod parse;
pub mod registry;
pub mod url;

mod precision;
mod reference;
mod sound;
mod ucum;
mod words;

pub use code_set::{CodeSet, CodeSets, NoCodeSets, NoTokens, SetOf};
pub use extract::Extracted;
pub use parse::{Search, SearchContext, parse, parse_compartment, parse_filter, parse_system};
pub use registry::support::{Feature, Modifier, Refusal, Support};
pub use registry::{Live, Origin, Parameter, ParameterKind, Registry};
