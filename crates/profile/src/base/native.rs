//! Invariants that are met so often, or cost so much, that they are judged without evaluating their expression.
//!
//! Each gives the same answer as the expression, or none, and then the expression decides. Tests compare the two on all examples and on
//! random changes of them.

use std::collections::HashSet;

use fhir::definitions::{PrimitiveType, Type, TypeKind, definitions};
use fhir::{Object, Value};

/// An invariant that is judged here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Native {
    /// per-1: a period does not end before it starts.
    PeriodOrder,
    /// dom-3: what is contained is referred to.
    ContainedIsReferenced,
}

impl Native {
    pub(super) fn of(key: &str) -> Option<Self> {
        match key {
            "per-1" => Some(Self::PeriodOrder),
            "dom-3" => Some(Self::ContainedIsReferenced),
            _ => None,
        }
    }

    /// Whether it holds on `object`; `None` when the expression must be asked.
    pub(super) fn holds(self, object: &Object, kind: &'static Type) -> Option<bool> {
        match self {
            Self::PeriodOrder => period_order(object),
            Self::ContainedIsReferenced => Some(contained_is_referenced(object, kind)),
        }
    }
}

/// How many letters a date has, and a time to the second after it.
const DATE: usize = 10;
const SECOND: usize = 19;

/// Texts of the same length and in the same zone are in the order of their moments.
fn period_order(object: &Object) -> Option<bool> {
    let (Some(start), Some(end)) = (object.get("start"), object.get("end")) else { return Some(true) };
    let (start, end) = (start.as_str()?, end.as_str()?);
    // With a fraction the zones would not begin at the same letter; those that differ in it are rare.
    let is_same_form = start.len() == end.len() && (start.len() <= DATE || start.get(SECOND..) == end.get(SECOND..));
    is_same_form.then_some(start <= end)
}

/// Each contained resource is referred to from the whole resource, by a reference or an address `#id`, or refers to it by `#`.
fn contained_is_referenced(object: &Object, kind: &'static Type) -> bool {
    let contained = object.get("contained").and_then(Value::as_array).unwrap_or_default();
    if contained.is_empty() {
        return true;
    }
    let is_named = |found: &HashSet<&str>, resource: &Value| resource.text("id").is_none_or(|id| found.contains(id));
    // Nearly always references do it, and they are found by their name, without the types.
    let mut found = HashSet::new();
    references(object, &mut found);
    if contained.iter().all(|resource| is_named(&found, resource)) {
        return true;
    }
    local(object, kind, &mut found);
    contained.iter().all(|resource| is_named(&found, resource) || refers_to_container(resource))
}

/// Puts what stands behind `#` in members of the name `reference` into `found`.
fn references<'a>(object: &'a Object, found: &mut HashSet<&'a str>) {
    for (name, value) in object.iter() {
        match value {
            Value::String(text) if &**name == "reference" => found.extend(text.strip_prefix('#')),
            _ => value.each().filter_map(Value::as_object).for_each(|inner| references(inner, found)),
        }
    }
}

fn refers_to_container(resource: &Value) -> bool {
    let kind = resource.resource_type().and_then(|name| definitions().type_by_name(name));
    let (Some(kind), Some(object)) = (kind, resource.as_object()) else { return false };
    let mut found = HashSet::new();
    local(object, kind, &mut found);
    found.contains("")
}

/// What images and links in XHTML name by `#id`: it counts as a reference, though the expression cannot see it
/// (<http://hl7.org/fhir/R4/narrative.html#id>). An extension may render a string as XHTML too.
fn local_links(text: &str) -> impl Iterator<Item = &str> {
    text.split("=\"#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .chain(text.split("='#").skip(1).filter_map(|rest| rest.split('\'').next()))
}

/// Puts what stands behind `#` in references, addresses and narratives into `found`.
fn local<'a>(object: &'a Object, kind: &'static Type, found: &mut HashSet<&'a str>) {
    for (name, value) in object.iter() {
        let Some((element, of)) = kind.member(name.strip_prefix('_').unwrap_or(name)) else { continue };
        let of = definitions().get(of.id);
        let is_address = matches!(of.primitive, Some(PrimitiveType::Canonical | PrimitiveType::Uri | PrimitiveType::Url));
        let is_address = is_address || element.name == "reference";
        for item in value.each() {
            match item {
                Value::String(text) if is_address => found.extend(text.strip_prefix('#')),
                Value::String(text) if matches!(of.primitive, Some(PrimitiveType::Xhtml | PrimitiveType::String)) => {
                    found.extend(local_links(text))
                }
                Value::Object(inner) if of.kind == TypeKind::Resource => {
                    let kind = item.resource_type().and_then(|name| definitions().type_by_name(name));
                    kind.into_iter().for_each(|kind| local(inner, kind, found));
                }
                Value::Object(inner) => local(inner, of, found),
                _ => {}
            }
        }
    }
}
