//! What a CodeSystem says of a concept's status: FHIR's own properties, by name or by address, and what systems used before there were any.

use fhir::Value;

use crate::system::{About, Flags, Property, PropertyValue};

const STANDARDS_STATUS: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status";
const PROPERTIES: &str = "http://hl7.org/fhir/concept-properties#";

/// The code of the extension for the standards status.
pub(crate) fn standards_status(element: &Value) -> Option<&str> {
    let extension = element.list("extension").find(|extension| extension.text("url") == Some(STANDARDS_STATUS))?;
    extension.text("valueCode").or_else(|| extension.text("valueString"))
}

fn properties<'a>(concept: &'a Value, about: &'a About) -> impl Iterator<Item = Property<'a>> {
    concept.list("property").filter_map(|element| {
        let code = element.text("code")?;
        let uri = about.properties.iter().find(|definition| *definition.code == *code).and_then(|definition| definition.uri.as_deref());
        Property::read(element, uri)
    })
}

/// Whether a property is the one that FHIR calls `name`: by its address, or by its code.
fn is(property: &Property<'_>, name: &str) -> bool {
    property.code == name || property.uri.and_then(|uri| uri.strip_prefix(PROPERTIES)) == Some(name)
}

fn is_true(property: &Property<'_>) -> bool {
    match property.value {
        PropertyValue::Boolean(truth) => truth,
        other => other.text() == "true",
    }
}

/// The status of a concept: what it states, or what other properties imply.
pub(super) fn status<'a>(concept: &'a Value, about: &'a About) -> Option<&'a str> {
    let stated = properties(concept, about).find(|property| is(property, "status"));
    if let Some(PropertyValue::Code(status) | PropertyValue::Text(status)) = stated.map(|property| property.value) {
        return Some(status);
    }
    for property in properties(concept, about).filter(is_true) {
        for name in ["deprecated", "inactive", "retired"] {
            if is(&property, name) {
                return Some(name);
            }
        }
    }
    standards_status(concept)
}

/// What may be done with a concept.
pub(super) fn flags(concept: &Value, about: &About) -> Flags {
    let mut flags = Flags::default();
    for property in properties(concept, about) {
        let truth = is_true(&property);
        if is(&property, "notSelectable") || property.code == "abstract" {
            flags.is_abstract |= truth;
        } else if is(&property, "inactive") {
            flags.is_inactive |= truth;
        } else if is(&property, "status") {
            flags.is_inactive |= matches!(&*property.value.text(), "retired" | "inactive");
            flags.is_deprecated |= matches!(&*property.value.text(), "deprecated" | "retired");
        } else if is(&property, "deprecated") {
            flags.is_deprecated |= truth || matches!(property.value, PropertyValue::DateTime(_));
        } else if property.code == "retired" {
            flags.is_inactive |= truth;
        }
    }
    flags.is_deprecated |= standards_status(concept) == Some("deprecated");
    flags
}
