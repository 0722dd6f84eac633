//! `_containedType=contained`: of a container that matches, the contained resources that make it match
//! (<http://hl7.org/fhir/R4/search.html#contained>).

use ::search::Search;
use ::search::parse::{Contained, ContainedType};
use fhir::definitions::ResourceType;
use fhir::{Value, json};
use store::commit::Key;
use store::query::Version;

use crate::Context;
use crate::alone::passes_alone;
use crate::bundle::{BundleText, EntryText};
use crate::summary::Selection;

/// Writes an entry for each resource in `version` that matches; false when the container is what is to be sent.
pub(super) fn entries(ctx: &Context, search: &Search, version: &Version, selection: &Selection, text: &mut BundleText) -> bool {
    if search.contained == Contained::False || search.contained_type == ContainedType::Container {
        return false;
    }
    let Some(container) = version.text().and_then(|text| json::parse(text).ok()) else { return false };
    let mut is_written = false;
    for inner in container.list("contained") {
        let (Some(kind), Some(id)) = (inner.resource_type().and_then(ResourceType::parse), inner.text("id")) else { continue };
        if matches(ctx, search, inner, &Key::new(kind, id)) {
            let whole = json::to_string(inner);
            let part = selection.apply(kind, &whole);
            let url = format!("{}/{}#{id}", ctx.base_url, version.key);
            let resource = Some(part.as_deref().unwrap_or(&whole));
            text.entry(EntryText { full_url: Some(&url), resource, search_mode: Some("match"), ..EntryText::default() });
            is_written = true;
        }
    }
    is_written
}

fn matches(ctx: &Context, search: &Search, inner: &Value, key: &Key) -> bool {
    let subjects = search.inner.iter().filter(|subject| subject.kind == key.kind);
    subjects.into_iter().any(|subject| passes_alone(ctx, key, inner, &subject.filter))
}
