//! The table of compartments.

use serde_json::Value;

use super::{Table, joined, list, text};

/// One line for each resource type that can be in a compartment: the compartment's type, the resource type, and the codes
/// of the search parameters that put it there.
pub(super) fn table(definitions: &[&Value]) -> Table {
    let mut lines = Vec::new();
    for definition in definitions {
        for resource in list(definition, "resource").iter().filter(|resource| !list(resource, "param").is_empty()) {
            lines.push(format!("{}\t{}\t{}", text(definition, "code"), text(resource, "code"), joined(resource, "param", " ")));
        }
    }
    lines.sort();
    Table { name: "compartments.tsv", columns: "compartment, resource type, search parameters", lines }
}
