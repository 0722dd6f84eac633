//! Whose record a resource is in: the patient compartment's parameters (<http://hl7.org/fhir/R4/compartmentdefinition-patient.html>).

use std::collections::HashMap;
use std::sync::LazyLock;

use fhir::definitions::{ResourceType, definitions};
use fhir::json;
use search::Registry;
use store::commit::Key;
use store::entry::{Entry, EntryValue, Param};
use store::query::Version;

/// For each type that can be in a patient's record, the parameters that put it there.
static LINKS: LazyLock<HashMap<ResourceType, Vec<Param>>> = LazyLock::new(|| {
    let rows = definitions().compartments().iter().filter(|row| row.compartment == patient());
    rows.map(|row| (row.resource_type, row.parameters.iter().map(|code| Param::of(row.resource_type.name(), code)).collect())).collect()
});

/// The type of patients.
pub(crate) fn patient() -> ResourceType {
    ResourceType::parse("Patient").unwrap_or_else(|| unreachable!("R4 has the type Patient"))
}

/// Whether resources of the type can be in a patient's record.
pub fn may_touch(kind: ResourceType) -> bool {
    kind == patient() || LINKS.contains_key(&kind)
}

/// The patients in whose records a resource with these entries is, by their ids: sorted, each once; none when it is in nobody's.
pub fn of_entries(key: &Key, entries: &[Entry]) -> Vec<Box<str>> {
    let links = LINKS.get(&key.kind).map_or(&[][..], Vec::as_slice);
    let targets = entries.iter().filter(|entry| links.contains(&entry.param)).filter_map(|entry| match &entry.value {
        EntryValue::Local(local) => local.target.strip_prefix("Patient/").filter(|id| !id.starts_with('#')),
        _ => None,
    });
    let mut ids: Vec<Box<str>> = targets.map(Box::from).collect();
    if key.kind == patient() {
        ids.push(key.id.clone());
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The same for a version: none when it is a deletion (but of a Patient, who is in their own record).
pub fn of_version(registry: &Registry, version: &Version) -> Vec<Box<str>> {
    let links = LINKS.contains_key(&version.key.kind);
    let resource = version.text().filter(|_| links).and_then(|text| json::parse(text).ok());
    let entries = resource.map_or_else(Vec::new, |resource| registry.extract(version.key.kind, &resource).entries);
    of_entries(&version.key, &entries)
}

/// The family names of a Patient, folded as searches fold them; none of a deletion.
pub(crate) fn families(registry: &Registry, version: &Version) -> Vec<Box<str>> {
    let Some(resource) = version.text().and_then(|text| json::parse(text).ok()) else { return Vec::new() };
    let family = Param::of("Patient", "family");
    let entries = registry.extract(version.key.kind, &resource).entries;
    let names = entries.into_iter().filter(|entry| entry.param == family).filter_map(|entry| match entry.value {
        EntryValue::String(text) => Some(text.folded),
        _ => None,
    });
    names.collect()
}
