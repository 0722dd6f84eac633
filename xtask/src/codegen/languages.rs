//! The table of language subtags of the `terminology` crate, from IANA's registry as the npm package `language-subtag-registry` has it.

use std::path::Path;

use serde_json::Value;

use super::{list, replace, repository, text};

const TABLE: &str = "crates/terminology/src/system/grammar/subtags.tsv";

/// The kinds of subtags, and the letter of each. Whole tags (grandfathered and redundant ones) are not in the table.
const KINDS: [(&str, char); 5] = [("language", 'l'), ("extlang", 'e'), ("script", 's'), ("region", 'r'), ("variant", 'v')];

/// Writes the table, or compares it; where the registry is not beside the repository, says so and leaves it as it is.
pub(super) fn run(shared: &Path, check: bool) -> Result<(), String> {
    let folder = shared.join("data/codes/bcp-47");
    let read = |name: &str| -> Option<Result<Value, String>> {
        let text = std::fs::read(folder.join(name)).ok()?;
        Some(serde_json::from_slice(&text).map_err(|error| format!("{name}: {error}")))
    };
    let (Some(registry), Some(meta)) = (read("registry.json"), read("meta.json")) else {
        println!("the table of languages is left as it is: {} is not there", folder.display());
        return Ok(());
    };
    let (registry, meta) = (registry?, meta?);
    let day = text(&meta, "File-Date");
    let mut table = format!(
        "# The IANA Language Subtag Registry of {day} (https://www.iana.org/assignments/language-subtag-registry): kind, subtag, name; written by \
         `cargo xtask codegen`\n"
    );
    for line in registry.as_array().ok_or("registry.json is no list")?.iter().filter_map(line) {
        table.push_str(&line);
    }
    replace(&repository().join(TABLE), &table, check)
}

/// The line of a subtag. A range of subtags for private use, such as `qaa..qtz`, has none: it names no language.
fn line(registered: &Value) -> Option<String> {
    let (_, kind) = KINDS.iter().find(|(kind, _)| *kind == text(registered, "Type"))?;
    let (subtag, name) = (text(registered, "Subtag"), list(registered, "Description").first()?.as_str()?);
    (!subtag.contains("..")).then(|| format!("{kind}\t{subtag}\t{name}\n"))
}
