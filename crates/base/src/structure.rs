//! StructureDefinitions (<http://hl7.org/fhir/R4/structuredefinition.html>): of R4's types, with their snapshots, and of HL7's profiles on
//! them, with their differentials.

mod constraint;
mod element;
mod profile;
mod snapshot;
mod type_definition;

pub(crate) use profile::PROFILES;
pub(crate) use type_definition::TYPES;

/// What the addresses of HL7's StructureDefinitions begin with.
const ADDRESS: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The edition.
const FHIR_VERSION: &str = "4.0.1";

/// The address of the StructureDefinition of this name; another address is itself.
fn address(name: &str) -> String {
    if name.contains(':') { name.to_owned() } else { format!("{ADDRESS}{name}") }
}
