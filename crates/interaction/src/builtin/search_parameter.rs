//! HL7's search parameters as SearchParameter resources.

use fhir::definitions::SearchParameter;
use fhir::{Object, Value, object};

/// The definition of a parameter.
pub(super) fn resource(parameter: &SearchParameter) -> Value {
    let id = parameter.url.rsplit('/').next().unwrap_or_default();
    let names = |names: &[&'static str]| Value::Array(names.iter().copied().map(Value::from).collect());
    let description = format!("`{}`, a search parameter of {}", parameter.code, parameter.bases.join(", "));
    let mut resource = Object::from_iter([
        ("resourceType", Value::from("SearchParameter")),
        ("id", id.into()),
        ("url", parameter.url.into()),
        ("version", "4.0.1".into()),
        ("name", parameter.code.into()),
        ("status", "active".into()),
        ("publisher", "HL7".into()),
        ("description", description.into()),
        ("code", parameter.code.into()),
        ("base", names(&parameter.bases)),
        ("type", parameter.kind.code().into()),
    ]);
    if let Some(expression) = parameter.expression {
        resource.push("expression", expression);
    }
    if !parameter.targets.is_empty() {
        resource.push("target", names(&parameter.targets));
    }
    if !parameter.components.is_empty() {
        let component = |part: &fhir::definitions::Component| object! { "definition": part.definition, "expression": part.expression };
        resource.push("component", parameter.components.iter().map(component).collect::<Vec<_>>());
    }
    resource.into()
}
