//! The table of concept maps.

use serde_json::Value;

use super::line::Line;
use crate::codegen::{Table, list, text};

const COLUMNS: &str = "a concept map: url, id, version, name, title, status, date, publisher, OID, facts; below it its groups: `group`, source, \
target, facts; below a group its elements: `element`, code, display; below an element its targets: equivalence, code, display, facts as member=JSON";

/// Every concept map.
pub(super) fn table(maps: &[&Value]) -> Table {
    let mut lines = Vec::new();
    for map in maps {
        let mut line = Line::heading(map);
        line.facts(map, &["sourceUri", "sourceCanonical", "targetUri", "targetCanonical"]);
        lines.push(line.finish());
        for group in list(map, "group") {
            let mut line = Line::below(1, "group");
            line.cell(text(group, "source"));
            line.cell(text(group, "target"));
            line.facts(group, &["sourceVersion", "targetVersion", "unmapped"]);
            lines.push(line.finish());
            list(group, "element").iter().for_each(|element| mapped(element, &mut lines));
        }
    }
    Table { name: "base/generated/concept-maps.tsv", columns: COLUMNS, lines }
}

fn mapped(element: &Value, lines: &mut Vec<String>) {
    let mut line = Line::below(2, "element");
    line.cell(text(element, "code"));
    line.cell(text(element, "display"));
    lines.push(line.finish());
    for target in list(element, "target") {
        let mut line = Line::below(3, text(target, "equivalence"));
        line.cell(text(target, "code"));
        line.cell(text(target, "display"));
        line.facts(target, &["dependsOn", "product"]);
        lines.push(line.finish());
    }
}
