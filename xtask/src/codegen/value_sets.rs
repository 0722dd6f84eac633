//! The table of the value sets that some element is bound to with strength `required`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Table, list, text};

const COLUMNS: &str = "value set, system, codes; a value set without system cannot be enumerated";

/// Open systems: their expansion is empty, or a sample.
const OPEN_SYSTEMS: [&str; 3] = ["urn:ietf:bcp:13", "urn:ietf:bcp:47", "http://unitsofmeasure.org"];

/// One line for each system of each value set in `bound`.
pub(super) fn table(bound: &BTreeSet<String>, expansions: &[Value]) -> Table {
    let by_url: BTreeMap<&str, &Value> = expansions.iter().map(|expansion| (text(expansion, "url"), expansion)).collect();
    let mut lines = Vec::new();
    for url in bound {
        let mut systems = BTreeMap::new();
        if let Some(set) = by_url.get(url.as_str()).filter(|set| is_enumerable(set)) {
            collect(list(&set["expansion"], "contains"), &mut systems);
        }
        if systems.is_empty() {
            lines.push(url.clone());
        }
        for (system, codes) in systems {
            let codes: Vec<&str> = codes.into_iter().collect();
            lines.push(format!("{url}\t{system}\t{}", codes.join("\t")));
        }
    }
    Table { name: "value-sets.tsv", columns: COLUMNS, lines }
}

/// Whether the expansion has every code: not when a whole open system is included.
fn is_enumerable(set: &Value) -> bool {
    let takes_all = |include: &Value| list(include, "concept").is_empty();
    !list(&set["compose"], "include").iter().any(|include| takes_all(include) && OPEN_SYSTEMS.contains(&text(include, "system")))
}

fn collect<'a>(contains: &'a [Value], systems: &mut BTreeMap<&'a str, BTreeSet<&'a str>>) {
    for item in contains {
        if item["abstract"].as_bool() != Some(true) && item["code"].is_string() {
            systems.entry(text(item, "system")).or_default().insert(text(item, "code"));
        }
        collect(list(item, "contains"), systems);
    }
}
