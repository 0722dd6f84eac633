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

/// A choice of which a type must be there has only that type.
pub(super) fn close(choice: &mut Node, name: &str) {
    let is_sliced = choice.before.as_ref().is_some_and(|before| before.definition.get("slicing").is_some());
    let Some(code) = type_of(choice, name).filter(|_| !is_sliced).map(str::to_owned) else { return };
    narrow(&mut choice.definition, &code);
    choice.definition.set("min", 1_u64);
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
