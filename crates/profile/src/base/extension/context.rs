//! Whether an extension may stand at an element: <http://hl7.org/fhir/R4/defining-extensions.html#context>.

use fhir::definitions::{Type, TypeKind, definitions};
use fhirpath::{Context, Expression, Item};

use super::definition::Use;
use crate::base::place::Place;
use crate::base::walk::Within;

/// Whether the context names the element at `place`.
pub(super) fn allows(context: &Use, place: &Place<'_, '_>, within: Within<'_>) -> bool {
    match &*context.kind {
        "extension" => is_extension(&context.expression, place),
        "fhirpath" => is_selected(&context.expression, place, within),
        _ => is_element(&context.expression, place),
    }
}

/// An element by its type (`HumanName`, `Element`), or by its way from a type (`Patient.contact`, `HumanName.family`).
fn is_element(expression: &str, place: &Place<'_, '_>) -> bool {
    // R4's own definitions mean any element when they say Element, resources too.
    if matches!(expression, "Element" | "*" | "Any") || is_named(place.kind, expression) {
        return true;
    }
    // Kinds of resource that R5 names, and definitions for several versions use: whatever has a canonical address.
    if matches!(expression, "CanonicalResource" | "MetadataResource") {
        return place.kind.kind == TypeKind::Resource && place.kind.element("url").is_some();
    }
    let Some((start, names)) = expression.split_once('.') else { return false };
    let mut at = Some(place);
    for name in names.rsplit('.') {
        let name = name.split(':').next().unwrap_or(name);
        let name = name.strip_suffix("[x]").unwrap_or(name);
        match at {
            Some(here) if is_member(here, name) => at = here.parent,
            _ => return false,
        }
    }
    at.is_some_and(|start_of_way| is_named(start_of_way.kind, start))
}

/// Whether the last step to a place is the element `name`: of a choice also with the type, `valueQuantity`.
fn is_member(place: &Place<'_, '_>, name: &str) -> bool {
    let Some(rest) = name.strip_prefix(place.name) else { return false };
    place.parent.is_some()
        && (rest.is_empty() || rest.get(1..) == place.kind.name.get(1..) && rest[..1].eq_ignore_ascii_case(&place.kind.name[..1]))
}

/// Whether a type, or one that it specializes, has this name.
fn is_named(kind: &'static Type, name: &str) -> bool {
    std::iter::successors(Some(kind), |kind| kind.base.map(|base| definitions().get(base))).any(|kind| kind.name == name)
}

/// An extension by its address, and one that is nested in it by `address#code`.
fn is_extension(expression: &str, place: &Place<'_, '_>) -> bool {
    let url = |place: &Place<'_, '_>| place.value.text("url").map(str::to_owned);
    match (url(place), expression.split_once('#')) {
        (Some(found), None) => found == expression,
        (Some(found), Some((outer, code))) => found == code && place.parent.and_then(url).as_deref() == Some(outer),
        (None, _) => false,
    }
}

/// Whether the expression, evaluated on the resource, gives the element.
fn is_selected(expression: &str, place: &Place<'_, '_>, within: Within<'_>) -> bool {
    let Ok(expression) = Expression::parse(expression) else { return true };
    let context = Context::new(within.resource);
    // What cannot be evaluated forbids nothing.
    let Ok(items) = expression.evaluate(&context, &Item::resource(within.resource)) else { return true };
    let is_true = matches!(items.as_slice(), [single] if single.as_bool() == Some(true));
    let is_place = |item: &Item<'_>| {
        let node = item.node();
        node.is_some_and(|node| [node.value(), node.sibling()].into_iter().flatten().any(|value| std::ptr::eq(value, place.value)))
    };
    is_true || items.iter().any(is_place)
}
