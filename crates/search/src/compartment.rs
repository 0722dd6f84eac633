//! Compartments: what belongs to a patient, an encounter, a practitioner, a related person, a device
//! (<http://hl7.org/fhir/R4/compartmentdefinition.html>).

use fhir::definitions::{ResourceType, definitions};
use store::commit::Key;
use store::query::{Filter, Test};

use crate::registry::Registry;

/// What a compartment's definition says of the owner itself.
const OWNER: &str = "{def}";

/// The names of the types whose resources have a compartment.
pub fn owners() -> Vec<&'static str> {
    let mut names: Vec<_> = definitions().compartments().iter().map(|row| row.compartment.name()).collect();
    names.dedup();
    names
}

/// The types that may be in the compartment of a resource of this type, the owner's own among them; none where it has no compartment.
pub fn members(owner: ResourceType) -> impl Iterator<Item = ResourceType> {
    let rows = definitions().compartments().iter().filter(move |row| row.compartment == owner);
    let mut kinds: Vec<_> = rows.map(|row| row.resource_type).collect();
    if !kinds.is_empty() && !kinds.contains(&owner) {
        kinds.push(owner);
    }
    kinds.sort_unstable();
    kinds.into_iter()
}

/// Which resources of a type are in the compartment of this owner: those that refer to it by one of the parameters that the definition
/// names, and the owner itself. `None` when the compartment has no resources of the type.
pub fn filter(registry: &Registry, owner: &Key, kind: ResourceType) -> Option<Filter> {
    let row = definitions().compartments().iter().find(|row| row.compartment == owner.kind && row.resource_type == kind);
    if row.is_none() && kind != owner.kind || members(owner.kind).next().is_none() {
        return None;
    }
    let target = owner.to_string();
    let codes = row.map_or(&[][..], |row| &row.parameters).iter().filter(|code| **code != OWNER);
    let refers = codes.filter_map(|code| registry.get(kind, code));
    let mut filters: Vec<Filter> = refers.map(|parameter| Filter::Match(parameter.param, Test::Local(target.as_str().into()))).collect();
    if kind == owner.kind {
        filters.push(Filter::Id(vec![owner.id.clone()]));
    }
    Some(if filters.len() == 1 { filters.remove(0) } else { Filter::Any(filters) })
}
