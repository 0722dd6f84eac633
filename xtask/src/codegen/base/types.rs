//! The table of what the StructureDefinitions of base types say beyond the tables of the `fhir` crate.

use serde_json::{Value, json};

use super::line::{Line, without};
use crate::codegen::types::is_type;
use crate::codegen::{Table, list, text};

const COLUMNS: &str = "a type: url, id, version, name, title, status, date, publisher, OID, facts; below it elements with facts that \
crates/fhir/generated/types.tsv has not: path, facts as member=JSON";

const FHIR_TYPE: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";

/// Every type that is no profile.
pub(super) fn table(structures: &[&Value]) -> Table {
    let mut lines = Vec::new();
    for structure in structures.iter().filter(|structure| is_type(structure)) {
        lines.push(Line::heading(structure).finish());
        for element in list(&structure["snapshot"], "element") {
            lines.extend(facts(element));
        }
    }
    Table { name: "base/generated/types.tsv", columns: COLUMNS, lines }
}

/// The line of an element that has such facts.
fn facts(element: &Value) -> Option<String> {
    let path = text(element, "path");
    let mut line = Line::below(1, path);
    let says_more = |kind: &Value| {
        let more = |extension: &Value| text(extension, "url") != FHIR_TYPE;
        !kind["profile"].is_null() || list(kind, "extension").iter().any(more)
    };
    // The value of a primitive has a type of FHIRPath's.
    if list(element, "type").iter().any(says_more) || path.starts_with("xhtml.") {
        line.facts(element, &["type"]);
    }
    if element["representation"][0] == "xhtml" {
        line.facts(element, &["representation"]);
    }
    let binding = &element["binding"];
    // The tables of types have no bindings of types themselves.
    if !path.contains('.') && !binding.is_null() {
        line.fact("binding", &json!({ "strength": binding["strength"], "valueSet": binding["valueSet"] }));
    }
    line.max_value_set(binding);
    // A required binding names the version of this edition.
    let valued = text(binding, "valueSet");
    if valued.contains('|') && !valued.ends_with("|4.0.1") {
        line.fact("valueSet", &binding["valueSet"]);
    }
    line.facts(&without(element, &["description"]), &["slicing", "maxLength", "minValueInteger", "maxValueInteger"]);
    let line = line.finish();
    (line.trim_start() != path).then_some(line)
}
