//! Parts of an ElementDefinition, from the tables of definitions.

use std::borrow::Cow;

use fhir::definitions::{Binding, BindingStrength, Element, ElementType, definitions};
use fhir::{Object, Value, array, object};

use super::{FHIR_VERSION, address};

/// The name of an element in a path: a choice ends in `[x]`.
pub(super) fn choice_path(element: &Element) -> Cow<'static, str> {
    if element.is_choice { format!("{}[x]", element.name).into() } else { element.name.into() }
}

pub(super) fn max_text(element: &Element) -> Cow<'static, str> {
    element.max.map_or("*".into(), |max| max.to_string().into())
}

/// The types that an element's value may have.
pub(super) fn types(element: &Element) -> Vec<Value> {
    // Ids and attributes in XML are of FHIRPath's own type.
    if element.name == "id" || element.is_xml_attribute && !element.types.is_empty() {
        let fhir_type = if element.name == "url" { "uri" } else { "string" };
        return vec![system_string(fhir_type)];
    }
    element.types.iter().map(one_type).collect()
}

fn one_type(kind: &ElementType) -> Value {
    let name = definitions().get(kind.id).name;
    let mut value = Object::from_iter([("code", Value::from(name))]);
    if !kind.targets.is_empty() {
        value.push("targetProfile", kind.targets.iter().map(|target| address(target).into()).collect::<Vec<Value>>());
    }
    value.into()
}

/// The type of an id or an extension's address.
fn system_string(fhir_type: &'static str) -> Value {
    const URL: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";
    let extension = object! { "url": URL, "valueUrl": fhir_type };
    object! { "extension": array![extension], "code": "http://hl7.org/fhirpath/System.String" }
}

pub(super) fn binding(binding: &Binding) -> Value {
    let strength = match binding.strength {
        BindingStrength::Required => "required",
        BindingStrength::Extensible => "extensible",
        BindingStrength::Preferred => "preferred",
        BindingStrength::Example => "example",
    };
    let mut value = Object::from_iter([("strength", Value::from(strength))]);
    match (binding.value_set, binding.strength) {
        ("", _) => {}
        // These are fixed to the codes of this edition.
        (address, BindingStrength::Required) => value.push("valueSet", format!("{address}|{FHIR_VERSION}")),
        (address, _) => value.push("valueSet", address),
    }
    value.into()
}

/// The value set that codes beyond the binding's must come from.
pub(super) fn limit_binding(element: &mut Object, address: Value) {
    const URL: &str = "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet";
    if let Some(binding) = element.get_mut("binding").and_then(Value::as_object_mut) {
        binding.insert_at(0, "extension", array![object! { "url": URL, "valueCanonical": address }]);
    }
}
