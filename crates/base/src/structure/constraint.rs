//! The constraints of elements in snapshots: which of FHIR's invariants stand where.
//!
//! A type's own invariants, and those of its bases, stand at the root; at an element those of the element, and what goes for every element or
//! every extension. What a type such as Period asks for is found in that type.

use std::collections::HashMap;
use std::sync::OnceLock;

use fhir::definitions::{Element, Invariant, Type, TypeKind, definitions, invariants};
use fhir::{Object, Severity, Value, array, object};

use super::address;

/// The invariants at the root of a type.
pub(super) fn of_type(kind: &'static Type) -> Vec<&'static Invariant> {
    let ancestors = std::iter::successors(Some(kind), |kind| kind.base.map(|base| definitions().get(base)));
    let mut ancestors: Vec<&'static Type> = ancestors.collect();
    ancestors.reverse();
    ancestors.into_iter().flat_map(|ancestor| at(ancestor.name)).copied().collect()
}

/// The invariants of an element of a type: ids, values of primitives and what XML has in attributes are no elements, nor are resources.
pub(super) fn of_element(of: &'static Type, element: &'static Element, path: &str) -> Vec<&'static Invariant> {
    let types: Vec<&Type> = element.types.iter().map(|kind| definitions().get(kind.id)).collect();
    let is_plain = element.name == "id" || element.is_xml_attribute || of.kind == TypeKind::Primitive && element.name == "value";
    let is_element = !is_plain && !types.iter().any(|kind| kind.kind == TypeKind::Resource);
    let of_every = if is_element { at("Element") } else { &[] };
    let of_extensions = if types.iter().any(|kind| kind.name == "Extension") && types.len() == 1 { at("Extension") } else { &[] };
    of_every.iter().chain(of_extensions).chain(at(path)).copied().collect()
}

/// The invariants that are defined at a path.
fn at(path: &str) -> &'static [&'static Invariant] {
    static BY_PATH: OnceLock<HashMap<&'static str, Vec<&'static Invariant>>> = OnceLock::new();
    let by_path = BY_PATH.get_or_init(|| {
        let mut by_path: HashMap<_, Vec<_>> = HashMap::new();
        invariants().iter().for_each(|invariant| by_path.entry(invariant.path).or_default().push(invariant));
        by_path
    });
    by_path.get(path).map_or(&[], Vec::as_slice)
}

/// Adds them to a definition. The text for people is the expression: HL7's prose is not kept.
pub(super) fn add_constraints(definition: &mut Object, constraints: Vec<&'static Invariant>) {
    if !constraints.is_empty() {
        definition.push("constraint", constraints.into_iter().map(constraint).collect::<Vec<Value>>());
    }
}

fn constraint(invariant: &Invariant) -> Value {
    const BEST_PRACTICE: &str = "http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice";
    let is_best_practice = invariant.severity == Severity::Information;
    let mut value = Object::with_capacity(6);
    if is_best_practice {
        value.push("extension", array![object! { "url": BEST_PRACTICE, "valueBoolean": true }]);
    }
    value.push("key", invariant.key);
    value.push("severity", if invariant.severity == Severity::Error { "error" } else { "warning" });
    value.push("human", invariant.expression);
    value.push("expression", invariant.expression);
    value.push("source", address(invariant.path.split('.').next().unwrap_or_default()));
    value.into()
}
