//! The tables of the `ucum` crate, from UCUM's own file `ucum-essence.xml`.

use std::fs;
use std::path::Path;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{replace, repository};

/// What UCUM's licence wants to be said with its content.
const NOTICE: &str = "\
# Copyright 1999-2024 Regenstrief Institute, Inc. All rights reserved. Licensed under the UCUM License, Version 1.1;
# you may not use this file except in compliance with the License: https://unitsofmeasure.org/license
# Distributed on an \"AS IS\" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND; see the License.
";

/// A `prefix`, `base-unit` or `unit` of the file.
#[derive(Default)]
struct Entry {
    code: String,
    name: String,
    flags: String,
    function: String,
    value: String,
    unit: String,
}

/// Writes the tables, or compares them; where UCUM's file is not beside the repository, says so and leaves them as they are.
pub(super) fn run(shared: &Path, check: bool) -> Result<(), String> {
    let path = shared.join("data/codes/ucum/ucum-essence.xml");
    let Ok(text) = fs::read_to_string(&path) else {
        println!("UCUM's tables are left as they are: {} is not there", path.display());
        return Ok(());
    };
    let (version, prefixes, units) = read(&text)?;
    let columns = [("prefixes.tsv", "code, name, value", prefixes), ("units.tsv", UNIT_COLUMNS, units)];
    for (name, columns, lines) in columns {
        let path = repository().join("crates/ucum/generated").join(name);
        let text = format!("# ucum-essence.xml {version}: {columns}; written by `cargo xtask codegen`\n{NOTICE}{}\n", lines.join("\n"));
        replace(&path, &text, check)?;
    }
    Ok(())
}

const UNIT_COLUMNS: &str = "code, name, flags (b base unit, m metric, a arbitrary), function of a special unit, value, unit of the value";

/// The version, the lines of the prefixes and those of the units.
fn read(text: &str) -> Result<(String, Vec<String>, Vec<String>), String> {
    let mut reader = Reader::from_str(text);
    let (mut version, mut prefixes, mut units) = (String::new(), Vec::new(), Vec::new());
    let mut entry = Entry::default();
    let mut is_name = false;
    loop {
        match reader.read_event().map_err(|error| format!("ucum-essence.xml: {error}"))? {
            Event::Start(start) => {
                is_name = start.name().as_ref() == "name" && entry.name.is_empty();
                match start.name().as_ref() {
                    "root" => version = attribute(&start, "version"),
                    "prefix" | "base-unit" | "unit" => entry = begun(&start),
                    "value" => entry.define(&start),
                    _ => {}
                }
            }
            Event::Text(text) if is_name => entry.name.push_str(&text),
            Event::GeneralRef(reference) if is_name => {
                entry.name.extend(reference.resolve_char_ref().map_err(|error| error.to_string())?);
            }
            Event::End(end) => match end.name().as_ref() {
                "name" => is_name = false,
                "prefix" => prefixes.push([&*entry.code, &entry.name, &entry.value].join("\t")),
                "base-unit" | "unit" => {
                    let Entry { code, name, flags, function, value, unit } = &entry;
                    units.push([&**code, name, flags, function, value, unit].join("\t"));
                }
                _ => {}
            },
            Event::Eof => return Ok((version, prefixes, units)),
            _ => {}
        }
    }
}

fn begun(start: &BytesStart<'_>) -> Entry {
    let mut flags = String::new();
    if start.name().as_ref() == "base-unit" {
        flags.push_str("bm");
    }
    for (name, flag) in [("isMetric", 'm'), ("isArbitrary", 'a')] {
        if attribute(start, name) == "yes" {
            flags.push(flag);
        }
    }
    Entry { code: attribute(start, "Code"), flags, ..Entry::default() }
}

impl Entry {
    /// Takes value and unit; of a special unit, whose unit is written as `degf(5 K/9)`, the function too.
    fn define(&mut self, start: &BytesStart<'_>) {
        (self.value, self.unit) = (attribute(start, "value"), attribute(start, "Unit"));
        let unit = self.unit.clone();
        if let Some((function, (value, unit))) = unit
            .strip_suffix(')')
            .and_then(|unit| unit.split_once('('))
            .and_then(|(function, rest)| Some((function, rest.split_once(' ')?)))
        {
            (self.function, self.value, self.unit) = (function.to_owned(), value.to_owned(), unit.to_owned());
        }
    }
}

/// An attribute's value, empty when there is none.
fn attribute(start: &BytesStart<'_>, name: &str) -> String {
    let found = start.try_get_attribute(name).ok().flatten();
    found.and_then(|attribute| Some(attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())).unwrap_or_default()
}
