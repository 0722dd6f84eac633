//! From the text of an expression to its tree.
//!
//! The grammar is that of FHIRPath 2.0 (<http://hl7.org/fhirpath/N1/grammar.html>) with the `Long` literals (`5L`) and the
//! `asc` and `desc` of `sort()` that came later.

mod call;
mod instance;
mod literal;
mod outline;
mod parse;
mod token;
pub(crate) mod tree;

pub(crate) use outline::outline;
pub(crate) use parse::parse;
