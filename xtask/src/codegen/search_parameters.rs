//! The table of search parameters.

use serde_json::Value;

use super::{Table, joined, list, text};

const COLUMNS: &str =
    "url, code, type, bases, targets, expression, then for a composite two columns for each component: definition, expression";

/// One line for each search parameter, by its address.
pub(super) fn table(parameters: &[Value]) -> Table {
    let mut lines: Vec<String> = parameters.iter().map(line).collect();
    lines.sort();
    Table { name: "search-parameters.tsv", columns: COLUMNS, lines }
}

fn line(parameter: &Value) -> String {
    let [url, code, kind, expression] = ["url", "code", "type", "expression"].map(|name| one_line(text(parameter, name)));
    let (bases, targets) = (joined(parameter, "base", " "), joined(parameter, "target", " "));
    let mut line = format!("{url}\t{code}\t{kind}\t{bases}\t{targets}\t{expression}");
    for component in list(parameter, "component") {
        line.push_str(&format!("\t{}\t{}", text(component, "definition"), one_line(text(component, "expression"))));
    }
    line
}

/// White space in an expression says nothing, so any run of it becomes one blank.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
