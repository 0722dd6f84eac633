//! The query language (<https://spec.graphql.org/October2021/#sec-Language>): text to tree, within limits.

mod parse;
mod token;
mod tree;

pub use parse::parse;
pub use tree::*;
