//! Terminology: what the operations on code systems, value sets and concept maps answer (<http://hl7.org/fhir/R4/terminology-service.html>).
//!
//! It does not know: the store, HTTP, files, the clock. Resources come from a [`fhir::library::Library`], big code systems from open
//! [`concepts`] tables.

mod binding;
mod cache;
mod closure;
pub mod codes;
mod designation;
mod engine;
mod error;
mod expand;
pub mod issue;
mod known;
mod language;
mod lookup;
mod membership;
pub mod messages;
mod related;
pub mod request;
mod session;
mod subsumes;
pub mod system;
pub mod table;
mod translate;
mod validate;
mod value_set;
mod version;

pub use binding::{Bound, Verdict};
pub use cache::Cache;
pub use closure::{Closure, ClosureEntry, closure};
pub use engine::{Ecl, Limits, NoTables, Tables, Terminology};
pub use error::{Failure, TerminologyError};
pub use expand::expand;
pub use known::KnownSystem;
pub use language::Languages;
pub use lookup::lookup;
pub use membership::SystemCode;
pub use related::{RelatedRequest, related};
pub use subsumes::{Subsumption, subsumes};
pub use translate::translate;
pub use validate::{validate_batch, validate_in_code_system, validate_in_value_set};
pub use value_set::compiled::{CompiledSet, Membership};

/// `url|version`, or the address alone.
fn canonical(url: &str, version: Option<&str>) -> String {
    version.map_or_else(|| url.to_owned(), |version| format!("{url}|{version}"))
}
