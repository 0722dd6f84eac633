//! What says that something was removed where FHIR requires it: the extension `data-absent-reason`.

use fhir::definitions::{Element, ElementType, TypeKind, definitions};
use fhir::{Object, Value, array, object};

const URL: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// How deep what is required of something required is marked.
const MOST_DEPTH: usize = 4;

/// Puts the mark in the place of a required element that was there and is no more.
pub(crate) fn required(out: &mut Object, element: &Element, kind: &ElementType) {
    put(out, element, kind, 0);
}

fn put(out: &mut Object, element: &Element, kind: &ElementType, depth: usize) {
    let of = definitions().get(kind.id);
    let marked = |mark: Value| if element.is_list() { Value::Array(vec![mark]) } else { mark };
    match of.kind {
        TypeKind::Primitive => out.push(format!("_{}", kind.member), marked(Value::Object(mark()))),
        TypeKind::Complex | TypeKind::Backbone => {
            let mut value = mark();
            // What is required of it is missing as well.
            for inner in of.elements.iter().filter(|inner| inner.min > 0 && depth < MOST_DEPTH) {
                if let Some(kind) = inner.types.first() {
                    put(&mut value, inner, kind, depth + 1);
                }
            }
            out.push(kind.member, marked(Value::Object(value)));
        }
        // A resource cannot be masked.
        TypeKind::Resource => {}
    }
}

fn mark() -> Object {
    let mut out = Object::new();
    out.push("extension", array![object! { "url": URL, "valueCode": "masked" }]);
    out
}
