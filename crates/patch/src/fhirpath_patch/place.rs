//! Where in the tree of a resource the elements stand that a path has found.

use std::collections::HashMap;

use fhir::definitions::{Type, TypeKind, definitions};
use fhir::{Name, Object, Value};

/// A step towards an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Member(Name),
    Item(usize),
}

/// An element: a member of an object, or an item of a list.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The way to the object that has it.
    pub(super) way: Vec<Step>,
    /// The type of that object.
    pub(super) holder: &'static Type,
    /// The name of the member, without an underscore.
    pub(super) member: Name,
    /// Its place in the list, when it may repeat.
    pub(super) index: Option<usize>,
}

/// The place of `target`, which is an element's value, or what stands beside it when it has none. `None` when it is not in the resource.
pub(super) fn find(resource: &Value, target: &Value) -> Option<Place> {
    let mut way = Vec::new();
    search(resource.as_object()?, type_of(resource, None)?, target, &mut way)
}

/// The places of the items of the list in which `place` is, by their addresses.
pub(super) fn items(resource: &Value, place: &Place) -> HashMap<*const Value, usize> {
    let Some(holder) = get(resource, &place.way).and_then(Value::as_object) else { return HashMap::new() };
    let of_member = holder.get(&place.member).into_iter().chain(holder.sibling(&place.member)).filter_map(Value::as_array);
    of_member.flat_map(|items| items.iter().enumerate()).map(|(index, item)| (std::ptr::from_ref(item), index)).collect()
}

// The depth is bounded by that of the parser and of the patch.
fn search(object: &Object, holder: &'static Type, target: &Value, way: &mut Vec<Step>) -> Option<Place> {
    for (name, value) in object.iter() {
        let stem = name.strip_prefix('_').unwrap_or(name);
        let here = |way: &[Step], index| Some(Place { way: way.to_vec(), holder, member: Name::from(stem.to_owned()), index });
        if std::ptr::eq(value, target) {
            return here(way, None);
        }
        let Some((_, element_type)) = holder.member(stem) else { continue };
        let kind = Some(definitions().get(element_type.id));
        let mut inside = |value: &Value, item: Option<usize>| {
            let (object, kind) = (value.as_object()?, type_of(value, kind)?);
            let before = way.len();
            way.push(Step::Member(name.clone()));
            way.extend(item.map(Step::Item));
            let found = search(object, kind, target, way);
            way.truncate(before);
            found
        };
        match value {
            Value::Array(items) => {
                if let Some(index) = items.iter().position(|item| std::ptr::eq(item, target)) {
                    return here(way, Some(index));
                }
                for (index, item) in items.iter().enumerate() {
                    if let Some(found) = inside(item, Some(index)) {
                        return Some(found);
                    }
                }
            }
            other => {
                if let Some(found) = inside(other, None) {
                    return Some(found);
                }
            }
        }
    }
    None
}

/// The type of a value that stands where `declared` is expected: that of a resource is its own.
pub(super) fn type_of(value: &Value, declared: Option<&'static Type>) -> Option<&'static Type> {
    match declared {
        Some(kind) if !(kind.kind == TypeKind::Resource && kind.is_abstract) => Some(kind),
        _ => definitions().type_by_name(value.resource_type()?).filter(|kind| kind.kind == TypeKind::Resource),
    }
}

fn get<'v>(value: &'v Value, way: &[Step]) -> Option<&'v Value> {
    way.iter().try_fold(value, |value, step| match (value, step) {
        (Value::Object(members), Step::Member(name)) => members.get(name),
        (Value::Array(items), Step::Item(index)) => items.get(*index),
        _ => None,
    })
}

/// The object at the end of a way, to change it.
pub(super) fn object_at<'v>(value: &'v mut Value, way: &[Step]) -> Option<&'v mut Object> {
    let found = way.iter().try_fold(value, |value, step| match (value, step) {
        (Value::Object(members), Step::Member(name)) => members.get_mut(name),
        (Value::Array(items), Step::Item(index)) => items.get_mut(*index),
        _ => None,
    });
    found?.as_object_mut()
}
