//! The table of the extensions that HL7 defines for R4.

use serde_json::Value;

use super::{Table, list, text};

const COLUMNS: &str = "address, how many an element may have, M for a modifier, types of the value (in brackets when it may be left out), \
contexts (type=expression), invariants of the context; below it, indented, the extensions that may be nested in it: code, cardinality, types of the value";

/// One line for each extension, by its address, and below it one for each that it nests.
pub(super) fn table(definitions: &[Value]) -> Table {
    let mut extensions: Vec<&Value> = definitions.iter().filter(|definition| text(definition, "type") == "Extension").collect();
    extensions.sort_by_key(|definition| text(definition, "url"));
    let lines = extensions.into_iter().flat_map(lines).collect();
    Table { name: "profile/generated/extensions.tsv", columns: COLUMNS, lines }
}

fn lines(definition: &Value) -> Vec<String> {
    let elements = list(&definition["snapshot"], "element");
    let Some(root) = elements.first() else { return Vec::new() };
    let modifier = if root["isModifier"] == true { "M" } else { "" };
    let contexts: Vec<String> =
        list(definition, "context").iter().map(|context| format!("{}={}", text(context, "type"), text(context, "expression"))).collect();
    let invariants: Vec<&str> = list(definition, "contextInvariant").iter().filter_map(Value::as_str).collect();
    let values = value_types(elements, "Extension");
    let (url, max) = (text(definition, "url"), text(root, "max"));
    let mut lines = vec![format!("{url}\t{max}\t{modifier}\t{values}\t{}\t{}", contexts.join(" "), invariants.join(" and "))];
    for element in elements {
        // The id of a nested extension's own element has one colon and no point after it.
        let Some(code) = text(element, "id").strip_prefix("Extension.extension:").filter(|code| !code.contains(['.', ':'])) else {
            continue;
        };
        let values = value_types(elements, &format!("Extension.extension:{code}"));
        lines.push(format!("\t{code}\t{}..{}\t{values}", element["min"], text(element, "max")));
    }
    lines
}

/// The types of the value of the extension whose element has the id `of`; empty when it has no value, but nested extensions.
fn value_types(elements: &[Value], of: &str) -> String {
    let id = format!("{of}.value[x]");
    let Some(value) = elements.iter().find(|element| text(element, "id") == id) else { return String::new() };
    let types: Vec<&str> = list(value, "type").iter().map(|kind| text(kind, "code")).collect();
    match (text(value, "max"), value["min"] == 0) {
        ("0", _) => String::new(),
        (_, true) => format!("[{}]", types.join("|")),
        (_, false) => types.join("|"),
    }
}
