//! The operations' definitions, compared with those of HL7 in `../shared/data/fhir-r4`.

use std::collections::BTreeMap;

use fhir::{Value, json};
use interaction::operation::{Operation, TABLE, Types, Use};

/// What Ward's definitions have that HL7's do not, with the reason.
const MORE: [(&str, &str, &str); 4] = [
    ("Patient-everything", "_page", "pages are by place, not by number"),
    ("Encounter-everything", "_page", "pages are by place, not by number"),
    ("Group-everything", "_page", "pages are by place, not by number"),
    ("MedicinalProduct-everything", "_page", "pages are by place, not by number"),
];

/// What the operations of terminology take beyond R4's: later releases have it, and servers and validators of terminology have agreed on it.
const OF_TERMINOLOGY: [&str; 30] = [
    "tx-resource",
    "useSupplement",
    "property",
    "system-version",
    "check-system-version",
    "force-system-version",
    "default-valueset-version",
    "check-valueset-version",
    "force-valueset-version",
    "inferSystem",
    "lenient-display-validation",
    "valueset-membership-only",
    "default-to-latest-version",
    "versionsMatch",
    "diagnostics",
    "profile-url",
    "uuid",
    "includeDesignations",
    "excludeNested",
    "sourceCode",
    "sourceSystem",
    "sourceVersion",
    "sourceScope",
    "sourceCoding",
    "sourceCodeableConcept",
    "targetCode",
    "targetCoding",
    "targetCodeableConcept",
    "targetScope",
    "targetSystem",
];

/// Whether a parameter is such a one.
fn is_later(operation: &Operation, name: &str) -> bool {
    let is_own = match operation.id {
        "ValueSet-expand" => name.ends_with("system-version") || ["includeDesignations", "excludeNested"].contains(&name),
        "CodeSystem-lookup" => name == "property",
        _ => false,
    };
    ["ValueSet-", "CodeSystem-", "ConceptMap-"].iter().any(|kind| operation.id.starts_with(kind))
        && !is_own
        && OF_TERMINOLOGY.contains(&name)
}

/// What HL7's definitions leave out of its own pages' text: the list that is answered.
const UNNAMED: [(&str, &str); 1] = [("List-find", "return")];

type Shape = (String, u64, String, String);

fn ours(operation: &Operation) -> BTreeMap<String, Shape> {
    let unlisted = |name: &str| {
        is_later(operation, name)
            || MORE.iter().any(|(id, more, _)| *id == operation.id && *more == name)
            || UNNAMED.contains(&(operation.id, name))
    };
    let shape = |parameter: &interaction::operation::Parameter| {
        let direction = if parameter.direction == Use::In { "in" } else { "out" };
        let max = parameter.max.map_or("*".to_owned(), |max| max.to_string());
        let key = format!("{direction} {}", parameter.name);
        (key, (direction.to_owned(), u64::from(parameter.min), max, parameter.kind.unwrap_or_default().to_owned()))
    };
    operation.parameters.iter().filter(|parameter| !unlisted(parameter.name)).map(shape).collect()
}

fn theirs(definition: &Value) -> BTreeMap<String, Shape> {
    let shape = |parameter: &Value| {
        let text = |name: &str| parameter.text(name).unwrap_or_default().to_owned();
        let min = parameter.get("min").and_then(Value::as_number).and_then(|min| min.parse().ok()).unwrap_or_default();
        (format!("{} {}", text("use"), text("name")), (text("use"), min, text("max"), text("type")))
    };
    definition.list("parameter").map(shape).collect()
}

#[test]
fn agree_with_those_of_hl7() {
    let Some(file) = published::data("fhir-r4/definitions/profiles-resources.json.gz") else { return };
    let bundle = json::parse(&published::gunzip(&file)).expect("JSON");
    let definitions: BTreeMap<&str, &Value> = bundle
        .list("entry")
        .filter_map(|entry| entry.get("resource"))
        .filter(|resource| resource.resource_type() == Some("OperationDefinition"))
        .filter_map(|definition| Some((definition.text("id")?, definition)))
        .collect();
    let mut compared = 0;
    for operation in TABLE.iter().filter(|operation| operation.is_standard) {
        let definition = definitions.get(operation.id).unwrap_or_else(|| panic!("HL7 has no {}", operation.id));
        let truth = |name: &str| definition.get(name).and_then(Value::as_bool).unwrap_or_default();
        assert_eq!(definition.text("code"), Some(operation.code), "{}", operation.id);
        assert_eq!(definition.text("url"), Some(&*operation.url()), "{}", operation.id);
        assert_eq!(
            (truth("system"), truth("type"), truth("instance")),
            (operation.system, operation.on_type, operation.on_instance),
            "{}",
            operation.id
        );
        let types: Vec<&str> = definition.list("resource").filter_map(Value::as_str).collect();
        match operation.types {
            Types::All => assert_eq!(types, ["Resource"], "{}", operation.id),
            Types::Only(names) => assert_eq!(types, names, "{}", operation.id),
        }
        assert_eq!(ours(operation), theirs(definition), "{}", operation.id);
        compared += 1;
    }
    println!("{compared} operations compared with HL7's definitions");
    assert!(compared > 10, "{compared}");
}
