//! An element of a differential merged with what the base says of it.

use fhir::value::Name;
use fhir::{Object, Value};

use super::tree::Node;

const PROFILE_ELEMENT: &str = "http://hl7.org/fhir/StructureDefinition/elementdefinition-profile-element";

/// The one profile of the one type of an element. One of which only an element is meant ([`profile_element`]) is none.
pub(crate) fn only_profile(element: &Object) -> Option<&str> {
    let mut types = element.get("type")?.each();
    let (Some(only), None) = (types.next(), types.next()) else { return None };
    if profile_element(only).is_some() {
        return None;
    }
    let mut profiles = only.list("profile");
    let (Some(profile), None) = (profiles.next(), profiles.next()) else { return None };
    profile.as_str()
}

/// The element of its profile that a type means: <http://hl7.org/fhir/R4/extension-elementdefinition-profile-element.html>.
pub(crate) fn profile_element(kind: &Value) -> Option<&str> {
    let extensions = kind.list("_profile").flat_map(|profile| profile.list("extension"));
    let mut meant = extensions.filter(|extension| extension.text("url") == Some(PROFILE_ELEMENT));
    meant.next()?.text("valueString")
}

/// Takes over what the definition of an extension says of its root: everything but how often it may be there.
pub(super) fn adopt(node: &mut Node, profile: &Node) {
    if *profile.name != *"Extension" {
        return;
    }
    for (name, value) in profile.definition.iter() {
        let stays = matches!(
            &**name,
            "id" | "path" | "min" | "max" | "base" | "type" | "slicing" | "sliceName" | "mapping" | "binding" | "contentReference"
        );
        match &**name {
            _ if stays => {}
            "constraint" => add_constraints(&mut node.definition, value, ""),
            "condition" => add_items(&mut node.definition, name, value),
            _ => node.definition.set(name.clone(), value.clone()),
        }
    }
}

/// Puts what the differential says over what the base says.
pub(super) fn merge(node: &mut Node, element: &Object, profile: &str) {
    let merged = &mut node.definition;
    for (name, value) in element.iter() {
        match &**name {
            "id" | "path" | "base" => {}
            // What has been unfolded refers to nothing any more.
            "contentReference" if merged.get("type").is_some() => {}
            "sliceName" if node.slice.is_none() => {}
            "constraint" => add_constraints(merged, value, profile),
            "condition" | "alias" | "mapping" | "example" | "code" => add_items(merged, name, value),
            "slicing" | "binding" => merge_members(merged, name, value),
            "definition" | "comment" | "requirements" => add_words(merged, name, value),
            _ => set(merged, name, value),
        }
    }
}

/// A choice such as `fixed[x]` replaces the one that the base has, of whatever type.
fn set(merged: &mut Object, name: &Name, value: &Value) {
    for choice in ["fixed", "pattern", "minValue", "maxValue", "defaultValue"] {
        let is_choice =
            |name: &str| name.strip_prefix(choice).is_some_and(|kind| kind.starts_with(|first: char| first.is_ascii_uppercase()));
        if is_choice(name) {
            let other = merged.iter().map(|(name, _)| name.clone()).find(|name| is_choice(name));
            if let Some(other) = other {
                merged.remove(&other);
            }
        }
    }
    merged.set(name.clone(), value.clone());
}

/// Constraints add up; one with the key of another replaces it.
fn add_constraints(merged: &mut Object, added: &Value, source: &str) {
    let mut constraints = merged.get("constraint").and_then(Value::as_array).unwrap_or_default().to_vec();
    for constraint in added.each() {
        let mut constraint = constraint.clone();
        if let Some(object) = constraint.as_object_mut().filter(|object| object.get("source").is_none() && !source.is_empty()) {
            object.push("source", source);
        }
        let same = constraints.iter_mut().find(|other| other.text("key") == constraint.text("key"));
        match same {
            Some(same) => *same = constraint,
            None => constraints.push(constraint),
        }
    }
    merged.set("constraint", constraints);
}

/// Lists whose items add up, each once.
fn add_items(merged: &mut Object, name: &Name, added: &Value) {
    let mut items = merged.get(name).and_then(Value::as_array).unwrap_or_default().to_vec();
    for item in added.each() {
        if !items.contains(item) {
            items.push(item.clone());
        }
    }
    merged.set(name.clone(), items);
}

/// Text that begins with three dots goes on where the base's ends.
fn add_words(merged: &mut Object, name: &Name, added: &Value) {
    let more = added.as_str().and_then(|text| text.strip_prefix("..."));
    let value = match (more, merged.get(name).and_then(Value::as_str)) {
        (Some(more), Some(before)) => Value::from(format!("{before}\r\n{more}")),
        _ => added.clone(),
    };
    merged.set(name.clone(), value);
}

/// Each member of a slicing or a binding over that of the base's.
fn merge_members(merged: &mut Object, name: &Name, added: &Value) {
    let mut members = merged.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
    for (name, value) in added.as_object().into_iter().flat_map(Object::iter) {
        members.set(name.clone(), value.clone());
    }
    merged.set(name.clone(), members);
}
