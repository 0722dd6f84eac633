//! The snapshot of a type: every element of it, and of its elements that have elements of their own, in order.

use std::collections::HashMap;

use fhir::definitions::{Element, Type, TypeKind, definitions};
use fhir::{Object, Value, array, object};

use super::constraint::{add_constraints, of_element, of_type};
use super::element::{binding, choice_path, limit_binding, max_text, types};
use crate::line::{Fact, Line};

/// What the tables of definitions do not have of elements, by their paths.
pub(super) type Facts = HashMap<&'static str, Line>;

/// The elements.
pub(super) fn snapshot(kind: &'static Type, facts: Facts) -> Vec<Value> {
    let mut writing = Writing { elements: Vec::new(), facts };
    let mut root = begun(kind.name, 0, "*");
    root.push("base", base(kind.name, 0, "*"));
    add_constraints(&mut root, of_type(kind));
    writing.finish(kind.name, root, false, false);
    writing.below(kind, kind.name);
    writing.elements
}

struct Writing {
    elements: Vec<Value>,
    facts: Facts,
}

impl Writing {
    /// Writes the elements of a type whose own path this is.
    fn below(&mut self, kind: &'static Type, path: &str) {
        for element in &kind.elements {
            self.element(kind, element, &format!("{path}.{}", choice_path(element)));
        }
    }

    fn element(&mut self, of: &'static Type, element: &'static Element, path: &str) {
        let mut value = begun(path, element.min, &max_text(element));
        let (origin, inherited) = origin(of, element);
        value.push("base", base(&format!("{}.{}", origin.name, choice_path(inherited)), inherited.min, &max_text(inherited)));
        let inner = element.types.first().map(|kind| definitions().get(kind.id)).filter(|kind| kind.kind == TypeKind::Backbone);
        match inner {
            Some(inner) if inner.name != path => value.push("contentReference", format!("#{}", inner.name)),
            Some(inner) => {
                let base = inner.base.map_or("", |base| definitions().get(base).name);
                value.push("type", array![object! { "code": base }]);
            }
            None => {
                let types = types(element);
                if !types.is_empty() {
                    value.push("type", types);
                }
            }
        }
        add_constraints(&mut value, of_element(of, element, path));
        if element.is_xml_attribute {
            value.push("representation", array!["xmlAttr"]);
        }
        if let Some(bound) = &element.binding {
            value.push("binding", binding(bound));
        }
        self.finish(path, value, element.is_modifier, element.is_summary);
        if let Some(inner) = inner.filter(|inner| inner.name == path) {
            self.below(inner, path);
        }
    }

    /// Adds what further facts there are of the element.
    fn finish(&mut self, path: &str, mut element: Object, is_modifier: bool, is_summary: bool) {
        element.push("isModifier", is_modifier);
        if is_modifier {
            element.push("isModifierReason", documentation(path));
        }
        element.push("isSummary", is_summary);
        for fact in self.facts.remove(path).into_iter().flat_map(Line::facts) {
            match fact {
                Fact::Member("maxValueSet", address) => limit_binding(&mut element, address),
                Fact::Member("valueSet", address) => {
                    if let Some(binding) = element.get_mut("binding").and_then(Value::as_object_mut) {
                        binding.set("valueSet", address);
                    }
                }
                Fact::Member(name, value) => element.set(name, value),
                Fact::Property(..) | Fact::Display(..) => {}
            }
        }
        self.elements.push(element.into());
    }
}

fn begun(path: &str, min: u32, max: &str) -> Object {
    Object::from_iter([
        ("id", Value::from(path)),
        ("path", path.into()),
        ("definition", documentation(path)),
        ("min", u64::from(min).into()),
        ("max", max.into()),
    ])
}

fn base(path: &str, min: u32, max: &str) -> Value {
    object! { "path": path, "min": u64::from(min), "max": max }
}

/// Where HL7 says what the element means.
fn documentation(path: &str) -> Value {
    let name = path.split('.').next().unwrap_or_default();
    let is_resource = definitions().type_by_name(name).is_some_and(|kind| kind.kind == TypeKind::Resource);
    let page = if is_resource { name.to_ascii_lowercase() } else { "datatypes".to_owned() };
    format!("http://hl7.org/fhir/R4/{page}-definitions.html#{path}").into()
}

/// The type that first had the element, and what it was there.
fn origin(of: &'static Type, element: &'static Element) -> (&'static Type, &'static Element) {
    let ancestors = std::iter::successors(Some(of), |kind| kind.base.map(|base| definitions().get(base)));
    ancestors.filter_map(|kind| Some((kind, kind.element(element.name)?))).last().unwrap_or((of, element))
}
