//! What is kept of a resource: everything but prose and what follows from other facts.

use fhir::{Object, Value};

/// Members that are prose, or about how HL7 works.
const PROSE: [&str; 24] = [
    "text",
    "meta",
    "contact",
    "description",
    "_description",
    "purpose",
    "copyright",
    "definition",
    "comment",
    "requirements",
    "short",
    "alias",
    "human",
    "xpath",
    "source",
    "mapping",
    "isModifierReason",
    "meaningWhenMissing",
    "orderMeaning",
    "example",
    "keyword",
    "_baseDefinition",
    "expansion",
    "count",
];

/// Extensions that are facts.
const FACTS: [&str; 6] = [
    "http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice",
    "http://hl7.org/fhir/StructureDefinition/codesystem-replacedby",
    "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet",
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type",
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-hierarchy",
    "http://hl7.org/fhir/StructureDefinition/regex",
];

/// The resource without what is not kept.
pub(super) fn normal(resource: &Value) -> Value {
    let mut kept = tree(resource, "");
    if let (Some("StructureDefinition"), Some(members)) = (resource.resource_type(), kept.as_object_mut()) {
        let is_type = resource.text("derivation") != Some("constraint") && resource.text("kind") != Some("logical");
        members.remove(if is_type { "differential" } else { "snapshot" });
        let elements = members.get_mut("snapshot").and_then(Value::as_object_mut).and_then(|snapshot| snapshot.get_mut("element"));
        if let Some(Value::Array(elements)) = elements {
            // Which constraints concern an element, their expressions tell.
            elements.iter_mut().filter_map(Value::as_object_mut).for_each(|element| {
                element.remove("condition");
                in_order(element);
            });
        }
    }
    kept
}

/// Constraints stand in any order.
fn in_order(element: &mut Object) {
    if let Some(Value::Array(constraints)) = element.get_mut("constraint") {
        constraints.sort_by_key(|constraint| constraint.text("key").map(str::to_owned));
    }
}

fn tree(value: &Value, name: &str) -> Value {
    match value {
        Value::Object(members) => object(members, name),
        Value::Array(items) => Value::Array(items.iter().filter(|item| is_kept_item(name, item)).map(|item| tree(item, name)).collect()),
        Value::String(text) if name == "expression" || text.contains(['\t', '\r', '\n']) => {
            text.split_whitespace().collect::<Vec<_>>().join(" ").into()
        }
        Value::String(text) => text.trim_end_matches('\t').into(),
        plain => plain.clone(),
    }
}

fn object(members: &Object, name: &str) -> Value {
    let kept = members.iter().filter(|(member, value)| is_kept(name, member, value));
    let kept = kept.map(|(member, value)| (member.clone(), tree(value, member)));
    let kept = kept.filter(|(_, value)| value.as_array().is_none_or(|items| !items.is_empty()));
    Object::from_iter(kept).into()
}

fn is_kept(of: &str, member: &str, value: &Value) -> bool {
    // What is false when it is not said.
    let is_default = matches!(member, "isModifier" | "isSummary" | "mustSupport") && value.as_bool() == Some(false);
    // In a dependency of a mapping `source` would be a fact; R4 has none there.
    let is_fact = member == "source" && of == "group";
    (is_fact || !PROSE.contains(&member)) && !is_default
}

fn is_kept_item(list: &str, item: &Value) -> bool {
    match list {
        "extension" => item.text("url").is_some_and(|url| FACTS.contains(&url)),
        "designation" => item.get("use").and_then(|usage| usage.text("code")) != Some("definition"),
        // A reference to anything is one without a target.
        "targetProfile" => item.as_str() != Some("http://hl7.org/fhir/StructureDefinition/Resource"),
        // A type that nothing can be in a compartment of is not told.
        _ => true,
    }
}
