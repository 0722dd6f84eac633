//! Canonical addresses: what they lead to (<http://hl7.org/fhir/R4/references.html#canonical>).

use std::sync::LazyLock;

use fhir::canonical::{Canonical, is_conformance};
use fhir::definitions::{Element, ElementType, ResourceType};
use fhir::{IssueCode, Severity, Value};

use super::place::Place;
use super::walk::Walk;
use crate::codes;

/// That a canonical address does not lead to a resource of a type that the element is not for. What nobody knows may be anything; the profiles
/// that a resource claims are looked at when it is judged by them.
pub(super) fn check<'a>(
    walk: &mut Walk<'_, 'a>,
    place: &Place<'_, 'a>,
    element: &'static Element,
    of: &'static ElementType,
    value: &'a Value,
) {
    let Some(library) = walk.options.library.filter(|_| is_for_types(of) && place.kind.name != "Meta") else { return };
    let is_array = matches!(value, Value::Array(_));
    for (index, item) in value.each().enumerate() {
        let Some(address) = item.as_str().map(Canonical::parse).filter(|address| !address.url.is_empty()) else { continue };
        let is_there = |kind: &str| !library.versions(kind, address.url).is_empty();
        if of.targets.iter().any(|kind| is_there(kind)) {
            continue;
        }
        if let Some(found) = conformance_types().iter().find(|kind| is_there(kind)) {
            let place = place.child(element.name, is_array.then_some(index), place.kind, item);
            let text = format!("the address is that of a {found}: name a {}", of.targets.join(" or a "));
            walk.report(codes::CANONICAL_TYPE, IssueCode::Value, Severity::Error, &place, text);
        }
    }
}

fn is_for_types(of: &ElementType) -> bool {
    !of.targets.is_empty() && !of.targets.contains(&"Resource")
}

/// The types whose resources have canonical addresses.
fn conformance_types() -> &'static [&'static str] {
    static TYPES: LazyLock<Vec<&'static str>> =
        LazyLock::new(|| ResourceType::all().filter(|kind| is_conformance(*kind)).map(ResourceType::name).collect());
    &TYPES
}
