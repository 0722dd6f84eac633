//! A type of FHIR as the tables have it, as the tree of a snapshot: for when the library has not the definition itself.

use fhir::definitions::{Binding, BindingStrength, Element, ElementType, Type, TypeKind, definitions};
use fhir::{Object, Value, array, object};

use super::tree::Node;

const DEFINITIONS: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The tree of a type, without constraints and words; `None` when there is no such type.
pub(super) fn tree(name: &str) -> Option<Node> {
    if name == "Base" {
        // What logical models are built on: later releases define it, without elements.
        return Some(Node::new(name, Object::from_iter([("min", Value::from(0_u64)), ("max", "*".into())])));
    }
    let kind = definitions().type_by_name(name).filter(|kind| kind.kind != TypeKind::Backbone)?;
    let mut root = Node::new(name, Object::from_iter([("min", Value::from(0_u64)), ("max", "*".into())]));
    root.children = children(kind, name);
    Some(root)
}

fn children(kind: &Type, path: &str) -> Vec<Node> {
    kind.elements.iter().map(|element| child(element, path)).collect()
}

fn child(element: &Element, parent: &str) -> Node {
    let name = if element.is_choice { format!("{}[x]", element.name) } else { element.name.to_owned() };
    let path = format!("{parent}.{name}");
    let max = element.max.map_or_else(|| "*".to_owned(), |max| max.to_string());
    let cardinality = [("min", Value::from(u64::from(element.min))), ("max", max.into())];
    let mut definition = Object::from_iter(cardinality.clone());
    definition.push("base", Object::from_iter([("path", Value::from(path.as_str()))].into_iter().chain(cardinality)));
    let backbone = match element.types.as_slice() {
        [only] => Some(definitions().get(only.id)).filter(|kind| kind.kind == TypeKind::Backbone),
        _ => None,
    };
    let mut node = Node::new(&name, Object::new());
    match backbone {
        Some(kind) if kind.name == path => {
            let base = kind.base.map_or("Element", |base| definitions().get(base).name);
            definition.push("type", array![object! { "code": base }]);
            node.children = children(kind, &path);
        }
        Some(kind) => definition
            .push("contentReference", Value::from(format!("{DEFINITIONS}{}#{}", parent.split('.').next().unwrap_or_default(), kind.name))),
        None => definition.push("type", Value::Array(element.types.iter().map(type_value).collect())),
    }
    element.is_modifier.then(|| definition.push("isModifier", true));
    element.is_summary.then(|| definition.push("isSummary", true));
    if let Some(binding) = &element.binding {
        definition.push("binding", binding_value(binding));
    }
    node.definition = definition;
    node
}

fn type_value(kind: &ElementType) -> Value {
    let mut value = Object::from_iter([("code", Value::from(definitions().get(kind.id).name))]);
    if !kind.targets.is_empty() {
        let targets = kind.targets.iter().map(|target| Value::from(format!("{DEFINITIONS}{target}")));
        value.push("targetProfile", Value::Array(targets.collect()));
    }
    value.into()
}

fn binding_value(binding: &Binding) -> Value {
    let strength = match binding.strength {
        BindingStrength::Required => "required",
        BindingStrength::Extensible => "extensible",
        BindingStrength::Preferred => "preferred",
        BindingStrength::Example => "example",
    };
    object! { "strength": strength, "valueSet": binding.value_set }
}
