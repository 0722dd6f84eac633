//! Terminology: what the operations on code systems, value sets and concept maps answer (<http://hl7.org/fhir/R4/terminology-service.html>).
//!
//! It does not know: the store, HTTP, files, the clock. Resources come from a [`fhir::library::Library`].

mod cache;
pub mod codes;
mod designation;
mod engine;
mod error;
mod expand;
pub mod issue;
mod language;
mod lookup;
pub mod messages;
mod outcome;
pub mod request;
mod session;
mod subsumes;
pub mod system;
mod validate;
mod value_set;
mod version;

pub use cache::Cache;
pub use engine::{Ecl, Limits, NoTables, Tables, Terminology};
pub use error::{Failure, TerminologyError};
pub use expand::expand;
pub use language::Languages;
pub use lookup::lookup;
pub use subsumes::subsumes;
pub use validate::{validate_batch, validate_in_code_system, validate_in_value_set};

/// `url|version`, or the address alone.
fn canonical(url: &str, version: Option<&str>) -> String {
    version.map_or_else(|| url.to_owned(), |version| format!("{url}|{version}"))
}
