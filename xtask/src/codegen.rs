//! `cargo xtask codegen`: the tables of the `fhir`, `base` and `profile` crates, from HL7's definition bundles; of `ucum` and of languages, from what is
//! beside the repository.
//!
//! The tables hold facts only (names, cardinalities, expressions, codes), no prose. The same source gives the same bytes;
//! They come from the folder given, else from the shared data beside the repository, else from the npm package, which has
//! all bundles that are needed. `--check` writes nothing and fails when a committed table differs.

mod base;
mod compartments;
mod extensions;
mod invariants;
mod languages;
mod search_parameters;
mod source;
mod types;
mod units;
mod value_sets;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use source::{Bundle, Source};

/// What every table is made from: HL7's package and its version.
const ORIGIN: &str = "hl7.fhir.r4.examples@4.0.1";

/// One table: its file and its lines below the header.
struct Table {
    /// The file below `crates/`, or its name alone when it is one of `crates/fhir/generated`.
    name: &'static str,
    columns: &'static str,
    lines: Vec<String>,
}

impl Table {
    fn path(&self) -> PathBuf {
        let crates = repository().join("crates");
        if self.name.contains('/') { crates.join(self.name) } else { crates.join("fhir/generated").join(self.name) }
    }

    fn text(&self) -> String {
        let mut text = format!("# {}: {}; written by `cargo xtask codegen`\n", ORIGIN, self.columns);
        for line in &self.lines {
            text.push_str(line.trim_end_matches('\t'));
            text.push('\n');
        }
        text
    }
}

/// Writes the tables, or compares them when the arguments have `--check`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let check = arguments.iter().any(|argument| argument == "--check");
    let directory = arguments.iter().find(|argument| !argument.starts_with("--")).map(PathBuf::from);
    if let Some(unknown) = arguments.iter().find(|argument| argument.starts_with("--") && *argument != "--check") {
        return Err(format!("unknown option {unknown}: codegen knows --check"));
    }
    let shared = std::env::var_os("WARD_SHARED").map_or_else(|| repository().join("../shared"), PathBuf::from);
    units::run(&shared, check)?;
    languages::run(&shared, check)?;
    let source = Source::find(directory)?;
    let mut changed = Vec::new();
    for table in tables(&source)? {
        let (path, text) = (table.path(), table.text());
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        changed.push(table.name);
        if !check {
            fs::write(&path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        }
    }
    match (changed.is_empty(), check) {
        (true, _) => println!("the definition tables are up to date"),
        (false, false) => println!("written: {}", changed.join(", ")),
        (false, true) => return Err(format!("out of date: {}; run `cargo xtask codegen`", changed.join(", "))),
    }
    Ok(())
}

/// Whether the definitions are beside the repository, so that nothing has to be fetched.
pub(crate) fn source_is_there() -> bool {
    Source::beside().is_some()
}

fn tables(source: &Source) -> Result<Vec<Table>, String> {
    let mut definitions = source.resources(Bundle::Types)?;
    definitions.extend(source.resources(Bundle::Resources)?);
    let of_type = |name: &str| definitions.iter().filter(|resource| text(resource, "resourceType") == name).collect::<Vec<_>>();
    let (structures, compartments) = (of_type("StructureDefinition"), of_type("CompartmentDefinition"));
    let bound: BTreeSet<String> = types::required_value_sets(&structures);
    let mut tables = base::tables(source, &definitions)?;
    tables.extend([
        types::table(&structures)?,
        types::names(&structures),
        search_parameters::table(&source.resources(Bundle::SearchParameters)?),
        compartments::table(&compartments),
        value_sets::table(&bound, &source.resources(Bundle::Expansions)?),
        invariants::table(&structures),
        extensions::table(&source.resources(Bundle::Extensions)?),
    ]);
    Ok(tables)
}

/// Writes a table that is another one now, or fails when it is only to be compared.
fn replace(path: &Path, text: &str, check: bool) -> Result<(), String> {
    match fs::read_to_string(path).is_ok_and(|old| old == text) {
        true => Ok(()),
        false if check => Err(format!("out of date: {}; run `cargo xtask codegen`", path.display())),
        false => fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display())),
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_path_buf()
}

/// The string member `name`, empty when there is none.
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// The items of the array member `name`.
fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The strings of the array member `name`, with `separator` between them.
fn joined(value: &Value, name: &str, separator: &str) -> String {
    list(value, name).iter().filter_map(Value::as_str).collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests;
