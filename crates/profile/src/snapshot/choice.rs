//! Which child a step names: `value[x]` is named by `valueQuantity` too, and then it is the slice of that type.

use fhir::{Object, Value, array, object};

use super::step::Step;
use super::tree::Node;

/// The place of the child that a step names, and the slice of it.
pub(super) fn child(at: &Node, step: &Step) -> Option<(usize, Option<String>)> {
    let exact = at.children.iter().position(|child| *child.name == *step.name);
    if let Some(index) = exact {
        return Some((index, step.slice.map(str::to_owned)));
    }
    let index = at.children.iter().position(|child| type_of(child, step.name).is_some())?;
    // A slice of another name stays: `valueQuantity:body` is a slice of its own.
    Some((index, Some(step.slice.unwrap_or(step.name).to_owned())))
}

/// The code of the type that a name such as `valueQuantity` means of a choice.
pub(super) fn type_of<'n>(choice: &'n Node, name: &str) -> Option<&'n str> {
    let ending = name.strip_prefix(choice.name.strip_suffix("[x]")?)?;
    let unsliced = choice.before.as_deref().unwrap_or(choice);
    let mut codes = unsliced.definition.get("type").into_iter().flat_map(Value::each).filter_map(|kind| kind.text("code"));
    codes.find(|code| is_capitalized(code, ending))
}

/// A choice that is named by types has only these, unless the base slices it already. `is_required` is whether one of them must be there: then it is the only one.
pub(super) fn close(choice: &mut Node, name: &str, is_required: bool) {
    let Some(code) = type_of(choice, name).map(str::to_owned) else { return };
    if choice.before.as_ref().is_some_and(|before| before.definition.get("slicing").is_some()) {
        return;
    }
    let is_closed = choice.definition.get("slicing").and_then(|slicing| slicing.text("rules")) == Some("closed");
    let stated = |node: &Node| node.definition.get("type").and_then(Value::as_array).unwrap_or_default().to_vec();
    let kept: Vec<Value> = if is_closed { stated(choice) } else { Vec::new() };
    let is_meant = |kind: &Value| kind.text("code") == Some(&code) || kept.contains(kind);
    let mut types = stated(choice.before.as_deref().unwrap_or(choice));
    types.retain(is_meant);
    if is_required && types.len() == 1 {
        choice.definition.set("min", 1_u64);
    }
    choice.definition.set("type", types);
    let discriminator = object! { "type": "type", "path": "$this" };
    choice.definition.set("slicing", object! { "discriminator": array![discriminator], "ordered": false, "rules": "closed" });
}

/// The choice has the one type that its name says.
pub(super) fn narrow(definition: &mut Object, code: &str) {
    if let Some(Value::Array(types)) = definition.get_mut("type") {
        types.retain(|kind| kind.text("code") == Some(code));
    }
}

fn is_capitalized(code: &str, ending: &str) -> bool {
    let (mut code, mut ending) = (code.chars(), ending.chars());
    let first = code.next().zip(ending.next());
    first.is_some_and(|(small, large)| small.to_ascii_uppercase() == large) && code.as_str() == ending.as_str()
}
