//! Compartments.

use super::ResourceType;

/// What puts resources of one type into a compartment (<http://hl7.org/fhir/R4/compartmentdefinition.html>).
#[derive(Debug)]
pub struct Compartment {
    /// Whose compartment it is: `Patient`, `Encounter`, `RelatedPerson`, `Practitioner` or `Device`.
    pub compartment: ResourceType,
    /// The type of resources that may be in it.
    pub resource_type: ResourceType,
    /// The codes of the search parameters of that type, one of which must refer to the compartment's owner; `{def}` for
    /// the owner itself.
    pub parameters: Vec<&'static str>,
}
