//! What a resource contains goes with the elements that lead to it by `#id` (<http://hl7.org/fhir/R4/references.html#contained>): with one that is hidden it is
//! hidden, unless another leads to it, too, and with one that must not be changed it stays as it is.

use std::collections::BTreeSet;

use fhir::Value;

/// The resources in `resource` that values lead to, also by way of one another, in the order of their ids.
pub(super) fn led_to<'v>(resource: &'v Value, from: impl Iterator<Item = &'v Value>) -> Vec<&'v Value> {
    let ids = ids(resource, from);
    let mut found: Vec<&Value> = resource.list("contained").filter(|inner| inner.text("id").is_some_and(|id| ids.contains(id))).collect();
    found.sort_by_key(|inner| inner.text("id"));
    found
}

/// The ids that all other elements of a resource lead to, also by way of what it contains.
pub(super) fn reached(resource: &Value) -> BTreeSet<Box<str>> {
    let members = resource.as_object().into_iter().flat_map(|members| members.iter());
    let others = members.filter(|(name, _)| *name != "contained").map(|(_, value)| value);
    ids(resource, others).into_iter().map(Box::from).collect()
}

/// Takes out of a resource what it contains under these ids.
pub(super) fn remove(resource: &mut Value, ids: &BTreeSet<Box<str>>) {
    let Some(members) = resource.as_object_mut() else { return };
    let Some(Value::Array(inner)) = members.get_mut("contained") else { return };
    inner.retain(|inner| inner.text("id").is_none_or(|id| !ids.contains(id)));
    if inner.is_empty() {
        members.remove("contained");
    }
}

fn ids<'v>(resource: &'v Value, from: impl Iterator<Item = &'v Value>) -> BTreeSet<&'v str> {
    let mut known = BTreeSet::new();
    let mut next: Vec<&str> = Vec::new();
    from.for_each(|value| inward(value, &mut next));
    while let Some(id) = next.pop() {
        if known.insert(id) {
            let inner = resource.list("contained").filter(|inner| inner.text("id") == Some(id));
            inner.for_each(|inner| inward(inner, &mut next));
        }
    }
    known
}

/// The ids after `#` in a value: those of references, and of canonical addresses. The depth is bounded by that of the parser.
fn inward<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.extend(text.strip_prefix('#').filter(|id| !id.is_empty())),
        Value::Array(items) => items.iter().for_each(|item| inward(item, found)),
        Value::Object(members) => members.iter().for_each(|(_, value)| inward(value, found)),
        _ => {}
    }
}
