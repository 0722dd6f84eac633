//! The table of FHIR's own invariants.

use serde_json::Value;

use super::{Table, list, text};

const COLUMNS: &str = "path of the element, key, severity (hint: best practice), expression";
const BEST_PRACTICE: &str = "http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice";

/// One line for each constraint where a type adds it, in the order of the definitions. What is inherited is not repeated.
pub(super) fn table(structures: &[&Value]) -> Table {
    let mut lines = Vec::new();
    for structure in structures.iter().filter(|structure| super::types::is_type(structure)) {
        for element in list(&structure["differential"], "element") {
            lines.extend(list(element, "constraint").iter().filter_map(|constraint| line(text(element, "path"), constraint)));
        }
    }
    Table { name: "fhir/generated/invariants.tsv", columns: COLUMNS, lines }
}

fn line(path: &str, constraint: &Value) -> Option<String> {
    let is_hint = list(constraint, "extension").iter().any(|extension| text(extension, "url") == BEST_PRACTICE);
    let severity = if is_hint { "hint" } else { text(constraint, "severity") };
    let expression = constraint["expression"].as_str()?.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(format!("{path}\t{}\t{severity}\t{expression}", text(constraint, "key")))
}
