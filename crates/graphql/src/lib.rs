//! GraphQL for FHIR (<http://hl7.org/fhir/R4/graphql.html>): parse, validate, answer.
//!
//! A query is read within its [`Limits`], checked against FHIR's definitions as a whole ([`Error`] names the nearest field that
//! there is), and then answered in rounds: a round goes through all that is loaded, and what it misses is loaded at once by the
//! [`Source`]. So a query that follows references three deep reads three times, however many resources there are on each level.
//!
//! This crate knows no store, no HTTP, no clock and no syntax of searches: resources come in through [`Source`].

mod answer;
pub mod codes;
mod error;
mod execute;
mod introspect;
mod limits;
mod request;
mod schema;
mod source;
pub mod syntax;
mod validate;

pub use answer::Answer;
pub use error::{Error, Segment};
pub use execute::execute;
pub use limits::Limits;
pub use request::{Dialect, Request, Root};
pub use source::{Found, Page, Pages, Pending, Search, Source};
