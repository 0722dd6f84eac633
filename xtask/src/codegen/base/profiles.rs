//! The table of HL7's profiles on its own types, extension definitions among them.

use serde_json::{Value, json};

use super::line::{Line, without};
use crate::codegen::types::is_type;
use crate::codegen::{Table, list, text};

const COLUMNS: &str = "a profile: url, id, version, name, title, status, date, publisher, OID, kind, type, base, facts; below it the elements of \
its differential: id, cardinality, types (code[profile](target profile)), flags (S summary, M modifier, U must support), strength and value set of the binding, \
other facts as member=JSON";

const DEFINITION: &str = "http://hl7.org/fhir/StructureDefinition/";

/// What an element may have besides its columns; `fixed…` and `pattern…` are added to these.
const MEMBERS: [&str; 6] = ["contentReference", "slicing", "maxLength", "condition", "minValueInteger", "maxValueInteger"];

/// Every StructureDefinition that is no type of its own.
pub(super) fn table(structures: &[&Value]) -> Result<Table, String> {
    let mut lines = Vec::new();
    for structure in structures.iter().filter(|structure| !is_type(structure)) {
        let cells = [text(structure, "kind"), text(structure, "type"), short(text(structure, "baseDefinition"))];
        let mut line = Line::heading_with(structure, &cells);
        if text(structure, "derivation") != "constraint" {
            line.facts(structure, &["derivation"]);
        }
        if structure["abstract"] == true {
            line.facts(structure, &["abstract"]);
        }
        line.facts(structure, &["context", "contextInvariant"]);
        lines.push(line.finish());
        for element in list(&structure["differential"], "element") {
            lines.push(element_line(element).map_err(|problem| format!("{}: {problem}", text(structure, "url")))?);
        }
    }
    Ok(Table { name: "base/generated/profiles.tsv", columns: COLUMNS, lines })
}

fn element_line(element: &Value) -> Result<String, String> {
    let id = text(element, "id");
    // Paths and names of slices are made of ids.
    if path_of(id) != text(element, "path") || slice_of(id) != element["sliceName"].as_str() {
        return Err(format!("the element {id} has another path or slice name than its id says"));
    }
    let mut line = Line::below(1, id);
    let (min, max) = (element["min"].as_u64().map(|min| min.to_string()), text(element, "max"));
    match (&min, max) {
        (None, "") => line.cell(""),
        (min, max) => line.cell(&format!("{}..{max}", min.as_deref().unwrap_or_default())),
    }
    line.cell(&list(element, "type").iter().map(type_column).collect::<Vec<_>>().join(" "));
    let flags = [("isSummary", 'S'), ("isModifier", 'M'), ("mustSupport", 'U')];
    line.cell(&flags.iter().filter(|(member, _)| element[*member] == true).map(|(_, flag)| *flag).collect::<String>());
    let binding = &element["binding"];
    line.cell(text(binding, "strength"));
    line.cell(text(binding, "valueSet"));
    line.max_value_set(binding);
    line.facts(&without(element, &["description"]), &MEMBERS);
    let constraints: Vec<Value> = list(element, "constraint").iter().map(constraint).collect();
    if !constraints.is_empty() {
        line.fact("constraint", &Value::Array(constraints));
    }
    for (member, value) in element.as_object().into_iter().flatten() {
        if member.starts_with("fixed") || member.starts_with("pattern") {
            line.fact(member, value);
        }
    }
    Ok(line.finish())
}

fn constraint(constraint: &Value) -> Value {
    let [key, severity, expression] = ["key", "severity", "expression"].map(|member| text(constraint, member));
    json!({ "key": key, "severity": severity, "expression": expression })
}

/// One type: `code[profile|profile](target|target)`.
fn type_column(kind: &Value) -> String {
    let listed = |member: &str, open: &str, close: &str| {
        let addresses: Vec<&str> = list(kind, member).iter().filter_map(Value::as_str).map(short).collect();
        if addresses.is_empty() { String::new() } else { format!("{open}{}{close}", addresses.join("|")) }
    };
    format!("{}{}{}", text(kind, "code"), listed("profile", "[", "]"), listed("targetProfile", "(", ")"))
}

fn short(address: &str) -> &str {
    address.trim_start_matches(DEFINITION)
}

fn path_of(id: &str) -> String {
    id.split('.').map(|part| part.split(':').next().unwrap_or_default()).collect::<Vec<_>>().join(".")
}

fn slice_of(id: &str) -> Option<&str> {
    id.rsplit('.').next()?.split_once(':').map(|(_, slice)| slice)
}
