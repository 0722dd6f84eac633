//! The cases are written in R5: what stands in extensions in R4 is put where R5 has it.

use fhir::{Object, Value};

const PROPERTY: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion.property";
const CONTAINS_PROPERTY: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion.contains.property";

/// An answer as R5 writes it.
pub(super) fn from_r4(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(from_r4).collect()),
        Value::Object(object) => {
            let mut converted = Object::new();
            let mut properties = Vec::new();
            for (name, value) in object.iter() {
                if &**name != "extension" {
                    converted.push(name.clone(), from_r4(value.clone()));
                    continue;
                }
                let (moved, kept): (Vec<&Value>, Vec<&Value>) = value
                    .each()
                    .partition(|extension| extension.text("url").is_some_and(|url| url == PROPERTY || url == CONTAINS_PROPERTY));
                properties.extend(moved.into_iter().map(property));
                if !kept.is_empty() {
                    converted.push("extension", kept.into_iter().cloned().collect::<Vec<_>>());
                }
            }
            if !properties.is_empty() {
                converted.push("property", properties);
            }
            if converted.get("name").and_then(Value::as_str) == Some("match") {
                converted = with_origin(&converted);
            }
            converted.into()
        }
        other => other,
    }
}

/// A translation, with the address of its map as R5 names it.
fn with_origin(translation: &Object) -> Object {
    let part = |part: &Value| match (part.text("name"), part.get("valueUri")) {
        (Some("source"), Some(map)) => fhir::object! { "name": "originMap", "valueCanonical": map.clone() },
        _ => part.clone(),
    };
    let parts: Vec<Value> = translation.get("part").into_iter().flat_map(Value::each).map(part).collect();
    let mut converted = translation.clone();
    converted.set("part", parts);
    converted
}

fn property(extension: &Value) -> Value {
    let mut property = Object::new();
    for part in extension.list("extension") {
        let name = part.text("url").unwrap_or_default().to_owned();
        for (element, value) in part.as_object().into_iter().flat_map(Object::iter) {
            if element.starts_with("value") {
                let name = if name == "value" { element.to_string() } else { name.clone() };
                property.push(name, value.clone());
            }
        }
    }
    property.into()
}
