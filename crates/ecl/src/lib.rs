//! SNOMED CT's Expression Constraint Language, version 2.2 (<https://docs.snomed.org/snomed-ct-specifications/snomed-ct-expression-constraint-language>):
//! understand a constraint in its brief or long syntax, write it in its canonical form, and find the concepts that meet it in an edition that is handed in.
//! Beside it SNOMED CT's compositional grammar, in which concepts are composed, and the addresses of value sets that constraints stand in.
//!
//! It does not know: files, FHIR's resources, HTTP, or where an edition comes from.

pub mod codes;
mod edition;
mod error;
mod evaluate;
pub mod expression;
mod implicit;
mod limits;
mod print;
mod sctid;
mod syntax;
pub mod tree;

pub use edition::{Concept, ConceptState, Description, Edition, FieldValue, Member, Relationship, RelationshipValue};
pub use error::{Error, ErrorKind};
pub use evaluate::{Answer, Field, Found, Row, evaluate};
pub use implicit::{ImplicitValueSet, implicit_value_set};
pub use limits::{Limits, MAX_BYTES, MAX_DEPTH};
pub use syntax::parse;
