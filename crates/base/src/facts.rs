//! Members of resources that several makers put together alike.

use fhir::{Object, Value, object};

use crate::line::{Fact, Line};

/// Adds a text, unless it is empty.
pub(crate) fn add_text(object: &mut Object, name: &'static str, text: &'static str) {
    if !text.is_empty() {
        object.push(name, text);
    }
}

/// Adds a list, unless it is empty.
pub(crate) fn add_list(object: &mut Object, name: &'static str, items: Vec<Value>) {
    if !items.is_empty() {
        object.push(name, items);
    }
}

/// The members that the rest of a line states.
pub(crate) fn add_members(object: &mut Object, line: Line) {
    for fact in line.facts() {
        if let Fact::Member(name, value) = fact {
            object.push(name, value);
        }
    }
}

/// A concept of a value set, or an element or target of a concept map so far: code, display.
pub(crate) fn coded(code: &'static str, display: &'static str) -> Object {
    let mut concept = Object::with_capacity(4);
    add_text(&mut concept, "code", code);
    add_text(&mut concept, "display", display);
    concept
}

/// A designation that is a display in a language.
pub(crate) fn designation(language: &'static str, text: &'static str) -> Value {
    object! {
        "language": language,
        "use": object! { "system": "http://terminology.hl7.org/CodeSystem/designation-usage", "code": "display" },
        "value": text
    }
}

/// How v3 and CDA know the resource.
pub(crate) fn oid(oid: &'static str) -> Value {
    object! { "system": "urn:ietf:rfc:3986", "value": format!("urn:oid:{oid}") }
}
