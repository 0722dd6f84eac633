//! The table of value sets with what they are composed of.

use serde_json::Value;

use super::line::{Line, designations, without};
use crate::codegen::{Table, list, text};

const COLUMNS: &str = "a value set: url, id, version, name, title, status, date, publisher, OID, facts; below it `include` or `exclude`, system, \
version, facts (and `compose` with facts about all of them); below that, concepts: code, display, @language=display, other facts as member=JSON";

/// Prose.
const LEFT_OUT: [&str; 2] = ["description", "comment"];

/// Every value set.
pub(super) fn table(sets: &[&Value]) -> Table {
    let mut lines = Vec::new();
    for set in sets {
        let mut line = Line::heading(set);
        line.facts(set, &["immutable"]);
        line.facts(&without(set, &LEFT_OUT), &["contained"]);
        let compose = &set["compose"];
        lines.push(line.finish());
        if !compose["lockedDate"].is_null() || !compose["inactive"].is_null() {
            let mut line = Line::below(1, "compose");
            line.facts(compose, &["lockedDate", "inactive"]);
            lines.push(line.finish());
        }
        for kind in ["include", "exclude"] {
            list(compose, kind).iter().for_each(|part| component(kind, part, &mut lines));
        }
    }
    Table { name: "base/generated/value-sets.tsv", columns: COLUMNS, lines }
}

fn component(kind: &str, part: &Value, lines: &mut Vec<String>) {
    let mut line = Line::below(1, kind);
    line.cell(text(part, "system"));
    line.cell(text(part, "version"));
    line.facts(part, &["filter", "valueSet"]);
    lines.push(line.finish());
    for concept in list(part, "concept") {
        let mut line = Line::below(2, text(concept, "code"));
        line.cell(text(concept, "display"));
        designations(concept, &mut line);
        lines.push(line.finish());
    }
}
