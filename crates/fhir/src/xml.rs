//! FHIR's XML (<http://hl7.org/fhir/R4/xml.html>) to the JSON-shaped [`Value`](crate::Value) and back.

mod fault;
pub(crate) mod markup;
mod path;
mod read;
pub mod tree;
mod write;

pub(crate) use fault::Fault;
pub use read::{parse, parse_with};
pub use write::{to_string, write};

/// The namespace of FHIR's elements.
pub const FHIR_NAMESPACE: &str = "http://hl7.org/fhir";
/// The namespace of the narrative's elements.
pub const XHTML_NAMESPACE: &str = "http://www.w3.org/1999/xhtml";
