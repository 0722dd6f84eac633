//! The table of what CompartmentDefinitions say as a whole; who is in a compartment is in a table of the `fhir` crate.

use serde_json::Value;

use super::line::Line;
use crate::codegen::Table;

const COLUMNS: &str = "a compartment: url, id, version, name, title, status, date, publisher, OID, facts";

/// Every compartment.
pub(super) fn table(compartments: &[&Value]) -> Table {
    let heading = |compartment: &&Value| {
        let mut line = Line::heading(compartment);
        line.facts(compartment, &["code", "search"]);
        line.finish()
    };
    Table { name: "base/generated/compartments.tsv", columns: COLUMNS, lines: compartments.iter().map(heading).collect() }
}
