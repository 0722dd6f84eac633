//! Contained resources, with entries of their own, for `_contained`.

use fhir::Value;
use fhir::definitions::ResourceType;
use store::entry::{Entry, EntryValue, Param};

use crate::registry::Registry;

/// The most contained resources of one resource that are indexed.
const MAX_CONTAINED: usize = 100;

/// Adds each contained resource that has a type and an id.
pub(super) fn add(registry: &Registry, kind: ResourceType, resource: &Value, entries: &mut Vec<Entry>) {
    for inner in resource.list("contained").take(MAX_CONTAINED) {
        let (Some(inner_kind), Some(id)) = (inner.resource_type().and_then(ResourceType::parse), inner.text("id")) else { continue };
        // A contained resource contains none itself.
        if inner.get("contained").is_some() {
            continue;
        }
        let inner = registry.extract(inner_kind, inner).entries;
        let value = EntryValue::Contained { kind: inner_kind, id: crate::fold::bounded(id).into(), entries: inner };
        entries.push(Entry { param: Param::contained(kind), value });
    }
}
