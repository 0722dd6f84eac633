//! Contained resources as answers of their own (`_containedType=contained`).

use fhir::definitions::ResourceType;
use fhir::{Value, json};
use store::commit::Key;
use store::query::Version;

/// A resource to answer: one inside another, or the one that was found itself.
pub(super) struct Inside {
    pub(super) kind: ResourceType,
    /// `#id` of a contained resource; nothing for the resource itself.
    pub(super) fragment: String,
    pub(super) text: String,
}

/// The resources in `version` that the store has said are asked for: `passing` are the key of the resource itself, when it may be among them, and
/// those of what it contains.
pub(super) fn inside(version: &Version, passing: &[Key], with_itself: bool) -> Vec<Inside> {
    let Some(whole) = version.text().and_then(|text| json::parse(text).ok()) else { return Vec::new() };
    let find = |key: &Key| {
        let is_meant = |inner: &&Value| inner.resource_type() == Some(key.kind.name()) && inner.text("id") == key.id.strip_prefix('#');
        let found = if key.id.starts_with('#') { whole.list("contained").find(is_meant)? } else { &whole };
        let fragment = if key.id.starts_with('#') { key.id.to_string() } else { String::new() };
        Some(Inside { kind: key.kind, fragment, text: json::to_string(found) })
    };
    passing.iter().filter(|key| with_itself || key.id.starts_with('#')).filter_map(find).collect()
}
