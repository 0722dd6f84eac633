//! What R4 itself brings (<http://hl7.org/fhir/R4/terminologies.html>, <http://hl7.org/fhir/R4/profilelist.html>): code systems, value sets,
//! concept maps, the StructureDefinitions of its types, HL7's profiles and extension definitions, and compartments.
//!
//! They are tables in `generated/*.tsv`, which `cargo xtask codegen` writes from HL7's definition bundles: facts only (codes, displays,
//! hierarchy, cardinalities, types, bindings), none of their prose. [`library`] makes resources of them, each when somebody asks for it. Nothing is
//! read at the start; the first question makes an index of the lines at which resources begin.
//!
//! What it does not know: what the resources mean, the store, HTTP. Whoever validates or answers questions of terminology is handed it as a
//! [`Library`](fhir::library::Library) and does not know that there are tables.

mod card;
mod code_system;
mod compartment;
mod concept_map;
mod facts;
mod index;
mod line;
mod shelf;
mod structure;
mod value_set;

pub use card::Card;
pub use shelf::{Base, library};
