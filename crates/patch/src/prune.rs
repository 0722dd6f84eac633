//! Takes out what a patch has left empty, which FHIR's JSON cannot have.

use fhir::{Object, Value};

/// Takes empty arrays and objects out of `resource`, and what becomes empty by that.
pub(crate) fn prune(resource: &mut Value) {
    if let Value::Object(members) = resource {
        prune_members(members);
    }
}

// The depth is bounded by that of the reader and of the patch.
fn prune_members(members: &mut Object) {
    let mut empty = Vec::new();
    for (name, value) in members.iter_mut() {
        match value {
            Value::Array(items) if name.starts_with('_') => prune_siblings(items),
            Value::Array(items) => {
                items.iter_mut().for_each(prune_item);
                items.retain(|item| !is_empty(item));
            }
            _ => prune_item(value),
        }
        if is_empty(value) {
            empty.push(name.clone());
        }
    }
    for name in empty {
        members.remove(&name);
    }
}

/// What stands beside a list of primitives keeps its places; where nothing is left, `null` stands.
fn prune_siblings(items: &mut Vec<Value>) {
    for item in items.iter_mut() {
        prune_item(item);
        if is_empty(item) {
            *item = Value::Null;
        }
    }
    if items.iter().all(|item| *item == Value::Null) {
        items.clear();
    }
}

fn prune_item(value: &mut Value) {
    match value {
        Value::Object(members) => prune_members(members),
        Value::Array(items) => items.iter_mut().for_each(prune_item),
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
