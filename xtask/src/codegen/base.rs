//! The tables of the `base` crate: what R4 itself says of code systems, value sets, concept maps, types and profiles.

mod code_systems;
mod compartments;
mod concept_maps;
mod line;
mod profiles;
mod types;
mod value_sets;

use serde_json::Value;

use super::source::{Bundle, Source};
use super::{Table, text};

/// All of them; `definitions` are those of the types.
pub(super) fn tables(source: &Source, definitions: &[Value]) -> Result<Vec<Table>, String> {
    let read = |bundles: &[Bundle]| -> Result<Vec<Value>, String> {
        let resources = bundles.iter().map(|bundle| source.resources(*bundle)).collect::<Result<Vec<_>, _>>()?;
        Ok(resources.into_iter().flatten().collect())
    };
    let terminology = read(&[Bundle::ValueSets, Bundle::V2Tables, Bundle::V3CodeSystems, Bundle::ConceptMaps])?;
    let profiles = read(&[Bundle::Extensions, Bundle::Profiles])?;
    let structures: Vec<&Value> = definitions.iter().chain(&profiles).collect();
    Ok(vec![
        code_systems::table(&of_type(&terminology, "CodeSystem"))?,
        value_sets::table(&of_type(&terminology, "ValueSet")),
        concept_maps::table(&of_type(&terminology, "ConceptMap")),
        compartments::table(&of_type(structures.iter().copied(), "CompartmentDefinition")),
        types::table(&of_type(structures.iter().copied(), "StructureDefinition")),
        profiles::table(&of_type(structures, "StructureDefinition"))?,
    ])
}

/// The resources of a type, by their addresses.
fn of_type<'a>(resources: impl IntoIterator<Item = &'a Value>, name: &str) -> Vec<&'a Value> {
    let mut found: Vec<&Value> = resources.into_iter().filter(|resource| text(resource, "resourceType") == name).collect();
    found.sort_by_key(|resource| (text(resource, "url"), text(resource, "version")));
    found
}
