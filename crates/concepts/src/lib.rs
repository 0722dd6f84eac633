//! Concept tables: big code systems in compact files that are mapped into memory, and the loaders that write them.
//!
//! - [`Tables`]: the folder of tables: list, add, remove, open.
//! - [`Table`]: a code system, open: codes, displays, properties, hierarchy, relationships, reference sets, search by words. [`ConceptSet`]: sets of its concepts.
//! - [`Writer`]: makes a table from facts.
//! - [`loader`]: reads the files that code systems are published in.
//!
//! It does not know: FHIR's resources and what they mean, value sets, the store, HTTP, the clock.

mod about;
mod bits;
pub mod codes;
mod directory;
mod failure;
pub mod limits;
pub mod loader;
mod set;
mod source;
mod table;
mod words;
mod writer;

pub use about::{About, Coding, Content, Property, ValueType};
pub use directory::{Added, Change, Tables};
pub use failure::Failure;
pub use set::ConceptSet;
pub use table::{Ascending, Designation, Found, Relation, Search, Table, Target, Text, Value};
pub use writer::{NewDesignation, NewTarget, Rank, Summary, Writer};

/// A concept of a table: its place in the order of codes.
pub type Concept = u32;
