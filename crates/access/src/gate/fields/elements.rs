//! Elements of a JSON tree by their paths: `name.given`, `value` for every type that the choice may have.

use fhir::definitions::{ResourceType, Type, definitions};
use fhir::{Object, Value};

/// A path, element by element.
pub(super) type Path<'p> = [&'p str];

/// The elements of a path as rules write it: with or without `[x]` behind a choice.
pub(super) fn path(text: &str) -> Vec<&str> {
    text.split('.').map(|element| element.strip_suffix("[x]").unwrap_or(element)).collect()
}

/// Takes the elements out of a resource, and the narrative, which may tell them. What is empty then goes with them.
pub(super) fn remove_all(kind: ResourceType, hidden: &[Box<str>], resource: &mut Value) {
    let of = Some(definitions().resource(kind));
    for text in hidden {
        remove(of, &path(text), resource);
    }
    if let Some(members) = resource.as_object_mut() {
        members.remove("text");
        members.remove("_text");
    }
}

/// Takes what a path leads to out of a value of a type; `None`: a type that the definitions do not tell.
pub(super) fn remove(of: Option<&'static Type>, path: &Path<'_>, value: &mut Value) {
    let Some((first, rest)) = path.split_first() else { return };
    match value {
        Value::Array(items) => {
            items.iter_mut().for_each(|item| remove(of, path, item));
            items.retain(|item| !is_empty(item));
        }
        Value::Object(members) => {
            for name in named(of, first, members) {
                match members.get_mut(&name) {
                    Some(inner) if !rest.is_empty() => {
                        remove(type_of(of, &name), rest, inner);
                        if is_empty(inner) {
                            members.remove(&name);
                        }
                    }
                    _ => drop(members.remove(&name)),
                }
            }
        }
        _ => {}
    }
}

/// What a path leads to, with the names of the members: the values of a choice differ by them.
pub(super) fn pick<'v>(of: Option<&'static Type>, path: &Path<'_>, value: &'v Value, found: &mut Vec<(String, &'v Value)>) {
    let Some((first, rest)) = path.split_first() else { return };
    match value {
        Value::Array(items) => items.iter().for_each(|item| pick(of, path, item, found)),
        Value::Object(members) => {
            for name in named(of, first, members) {
                match members.get(&name) {
                    Some(inner) if !rest.is_empty() => pick(type_of(of, &name), rest, inner, found),
                    Some(inner) => found.push((name, inner)),
                    None => {}
                }
            }
        }
        _ => {}
    }
}

/// Whether a path leads to something.
pub(super) fn has(of: Option<&'static Type>, path: &Path<'_>, value: &Value) -> bool {
    let mut found = Vec::new();
    pick(of, path, value, &mut found);
    !found.is_empty()
}

/// Puts what the path leads to in `old` back into `new`, which has nothing there. Where items of a list have it, the list must otherwise be as it was: nobody could
/// tell which item it belongs to. `false` when it is not, and `new` is then of no use.
pub(super) fn put_back(of: Option<&'static Type>, path: &Path<'_>, old: &Value, new: &mut Value) -> bool {
    let Some((first, rest)) = path.split_first() else { return true };
    let (Some(before), Some(after)) = (old.as_object(), new.as_object_mut()) else { return true };
    for name in named(of, first, before) {
        let Some(value) = before.get(&name) else { continue };
        if rest.is_empty() {
            after.set(name, value.clone());
            continue;
        }
        let inner = type_of(of, &name);
        if !has(inner, rest, value) {
            continue;
        }
        let mut seen = value.clone();
        remove(inner, rest, &mut seen);
        match after.get_mut(&name) {
            None if is_empty(&seen) => after.set(name, value.clone()),
            Some(sent) if *sent == seen => *sent = value.clone(),
            Some(sent @ Value::Object(_)) if matches!(value, Value::Object(_)) => {
                if !put_back(inner, rest, value, sent) {
                    return false;
                }
            }
            _ => return false,
        }
    }
    true
}

/// The members that an element has in JSON: its own, one of a type where it is a choice, and what stands beside primitives.
fn named(of: Option<&'static Type>, element: &str, members: &Object) -> Vec<String> {
    let is_meant = |member: &str| {
        let name = member.strip_prefix('_').unwrap_or(member);
        name == element || of.and_then(|of| of.member(name)).is_some_and(|(known, _)| known.name == element)
    };
    members.iter().map(|(name, _)| name.to_string()).filter(|name| is_meant(name)).collect()
}

fn type_of(of: Option<&'static Type>, member: &str) -> Option<&'static Type> {
    let (_, kind) = of?.member(member)?;
    Some(definitions().get(kind.id))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
