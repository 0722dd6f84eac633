//! Contained resources as answers of their own (`_containedType=contained`).

use std::borrow::Cow;

use ::search::{Registry, Search};
use fhir::definitions::ResourceType;
use fhir::{Value, json};
use store::commit::Key;
use store::matches::{Candidate, passes};
use store::query::Version;

use crate::alone::Nobody;

/// A resource to answer: one inside another, or the one that was found itself.
pub(super) struct Matching {
    pub(super) kind: ResourceType,
    /// `#id` of a contained resource; nothing for the resource itself.
    pub(super) fragment: String,
    pub(super) text: String,
}

/// The resources in `version` that are asked for, itself among them. Where none can be told apart, because the question goes on to other
/// resources, all of the types asked for.
pub(super) fn matching(registry: &Registry, search: &Search, version: &Version) -> Vec<Matching> {
    let Some(whole) = version.text().and_then(|text| json::parse(text).ok()) else { return Vec::new() };
    let mut candidates = Vec::new();
    if search.contained == ::search::parse::Contained::Both {
        candidates.push((version.key.kind, String::new(), &whole));
    }
    for inner in whole.list("contained") {
        if let (Some(kind), Some(id)) = (inner.resource_type().and_then(ResourceType::parse), inner.text("id")) {
            candidates.push((kind, format!("#{id}"), inner));
        }
    }
    candidates.retain(|(kind, ..)| search.inner.iter().any(|subject| subject.kind == *kind));
    let is_match = |(kind, fragment, value): &(ResourceType, String, &Value)| {
        let id = if fragment.is_empty() { version.key.id.clone() } else { fragment.as_str().into() };
        let entries = registry.extract(*kind, value).entries;
        let candidate =
            Candidate { key: Cow::Owned(Key::new(*kind, id)), last_updated: version.last_updated, entries: Cow::Owned(entries) };
        let mut subjects = search.inner.iter().filter(|subject| subject.kind == *kind);
        subjects.any(|subject| matches!(passes(&subject.filter, &candidate, &Nobody), Ok(true)))
    };
    let told: Vec<_> = candidates.iter().filter(|candidate| is_match(candidate)).cloned().collect();
    let answered = if told.is_empty() { candidates } else { told };
    let matching = |(kind, fragment, value): (ResourceType, String, &Value)| Matching { kind, fragment, text: json::to_string(value) };
    answered.into_iter().map(matching).collect()
}
