//! The table of code systems.

use serde_json::Value;

use super::line::{Line, designations, without};
use crate::codegen::{Table, list, text};

const COLUMNS: &str = "a code system: url, id, version, name, title, status, date, publisher, OID, facts; below it, indented as deep as they are \
in the hierarchy, its concepts: code, display, .property=value, @language=display, other facts as member=JSON. A system without `content` is complete";

const MEMBERS: [&str; 8] =
    ["caseSensitive", "valueSet", "hierarchyMeaning", "compositional", "versionNeeded", "supplements", "filter", "property"];

/// What says how a concept is meant, among the extensions: comments are none.
const EXTENSIONS: [&str; 1] = ["http://hl7.org/fhir/StructureDefinition/codesystem-replacedby"];

/// Every code system with its concepts.
pub(super) fn table(systems: &[&Value]) -> Result<Table, String> {
    let mut lines = Vec::new();
    for system in systems {
        let mut line = Line::heading(system);
        if text(system, "content") != "complete" {
            line.facts(system, &["content"]);
        }
        line.facts(&without(system, &["description"]), &MEMBERS);
        lines.push(line.finish());
        let types: Vec<(&str, &str)> =
            list(system, "property").iter().map(|property| (text(property, "code"), text(property, "type"))).collect();
        concepts(system, 1, &types, &mut lines).map_err(|problem| format!("{}: {problem}", text(system, "url")))?;
    }
    Ok(Table { name: "base/generated/code-systems.tsv", columns: COLUMNS, lines })
}

fn concepts(parent: &Value, depth: usize, types: &[(&str, &str)], lines: &mut Vec<String>) -> Result<(), String> {
    for concept in list(parent, "concept") {
        let mut line = Line::below(depth, text(concept, "code"));
        line.cell(text(concept, "display"));
        for property in list(concept, "property") {
            line.cell(&format!(".{}={}", text(property, "code"), value(property, types)?));
        }
        designations(concept, &mut line);
        let meant = |extension: &&Value| EXTENSIONS.contains(&text(extension, "url"));
        let extensions: Vec<Value> = list(concept, "extension").iter().filter(meant).cloned().collect();
        if !extensions.is_empty() {
            line.fact("extension", &Value::Array(extensions));
        }
        lines.push(line.finish());
        concepts(concept, depth + 1, types, lines)?;
    }
    Ok(())
}

/// The text of a property's value, whose type is the one that the system declares.
fn value(property: &Value, types: &[(&str, &str)]) -> Result<String, String> {
    let code = text(property, "code");
    let declared = types.iter().find(|(name, _)| *name == code).map_or("", |(_, kind)| kind);
    let member = format!("value{}{}", &declared[..1.min(declared.len())].to_ascii_uppercase(), declared.get(1..).unwrap_or_default());
    match &property[&member] {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(truth) => Ok(truth.to_string()),
        _ => Err(format!("the property {code} of a concept is not of its declared type {declared:?}")),
    }
}
