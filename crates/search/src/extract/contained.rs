//! Contained resources, with entries of their own, for `_contained`.

use fhir::Value;
use fhir::definitions::ResourceType;
use store::entry::{Entry, EntryValue, Param};

use crate::fold;
use crate::registry::Registry;

/// The most contained resources of one resource that are indexed.
const MAX_CONTAINED: usize = 100;

/// Adds each contained resource that has a type and an id.
pub(super) fn add(registry: &Registry, kind: ResourceType, resource: &Value, entries: &mut Vec<Entry>) {
    for (inner_kind, id, inner) in contained(resource) {
        let inner = registry.extract_inside(inner_kind, inner, resource).entries;
        let value = EntryValue::Contained { kind: inner_kind, id: fold::bounded(id).into(), entries: inner };
        entries.push(Entry { param: Param::contained(kind), value });
    }
}

/// Where the reference `#id` leads in a resource: `Medication/#id`, and `MedicationRequest/#` to the resource itself. `None` when nothing there
/// has that id.
pub(super) fn target(around: &Value, id: &str) -> Option<String> {
    if id.is_empty() {
        return Some(format!("{}/#", around.resource_type()?));
    }
    let (kind, id, _) = contained(around).find(|(_, known, _)| *known == id)?;
    Some(format!("{}/#{}", kind.name(), fold::bounded(id)))
}

/// The contained resources that are indexed, with their types and ids. A contained resource contains none itself.
fn contained(resource: &Value) -> impl Iterator<Item = (ResourceType, &str, &Value)> {
    let plain = resource.list("contained").take(MAX_CONTAINED).filter(|inner| inner.get("contained").is_none());
    plain.filter_map(|inner| Some((ResourceType::parse(inner.resource_type()?)?, inner.text("id")?, inner)))
}
