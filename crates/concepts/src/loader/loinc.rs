//! LOINC's table (`Loinc.csv`), with what stands beside it: parts, answer lists and what links them, the hierarchy by component and system, and
//! translations.
//!
//! Properties follow <http://hl7.org/fhir/R4/loinc.html>. The major axes are Codings of LOINC's parts, with the part's number where `Part.csv`
//! has it.

mod answers;
mod variants;

use std::collections::HashMap;

use super::{Load, Loader, one};
use crate::source::{Dialect, Rows, Source};
use crate::{Coding, Failure, NewDesignation, Property, ValueType};

pub(super) const LOADER: Loader = Loader { name: "loinc", title: "LOINC", jobs, load };

const SYSTEM: &str = "http://loinc.org";

fn jobs(source: &Source) -> Vec<String> {
    one(source.find(|name| name == "loinc.csv").is_some())
}

/// The axes: the column of `Loinc.csv`, and the kind of part in `Part.csv`.
const AXES: [(&str, &str); 7] = [
    ("COMPONENT", "COMPONENT"),
    ("PROPERTY", "PROPERTY"),
    ("TIME_ASPCT", "TIME"),
    ("SYSTEM", "SYSTEM"),
    ("SCALE_TYP", "SCALE"),
    ("METHOD_TYP", "METHOD"),
    ("CLASS", "CLASS"),
];

/// Columns that become properties as they are.
const PLAIN: [&str; 17] = [
    "STATUS",
    "CLASSTYPE",
    "ORDER_OBS",
    "CHNG_TYPE",
    "VersionLastChanged",
    "VersionFirstReleased",
    "UNITSREQUIRED",
    "EXAMPLE_UNITS",
    "EXAMPLE_UCUM_UNITS",
    "HL7_ATTACHMENT_STRUCTURE",
    "PanelType",
    "AskAtOrderEntry",
    "AssociatedObservations",
    "STATUS_REASON",
    "STATUS_TEXT",
    "DefinitionDescription",
    "EXTERNAL_COPYRIGHT_NOTICE",
];

/// The numbers of parts by kind and name.
type Parts = HashMap<(String, String), String>;

fn load(load: &mut Load<'_>) -> Result<(), Failure> {
    let about = load.writer.about_mut();
    about.url = SYSTEM.into();
    about.title = "LOINC".into();
    about.language = "en".into();
    about.hierarchy_meaning = "is-a".into();
    about.case_sensitive = false;
    about.value_set = "http://loinc.org/vs".into();
    about.copyright = "This material contains content from LOINC (http://loinc.org). LOINC is copyright Regenstrief Institute, Inc. and the Logical Observation \
        Identifiers Names and Codes (LOINC) Committee and is available at no cost under the license at http://loinc.org/license. LOINC is a registered \
        United States trademark of Regenstrief Institute, Inc."
        .into();
    about.version = version(load.source).into();
    let parts = parts(load)?;
    table(load, &parts)?;
    answers::read(load)?;
    hierarchy(load)?;
    variants::read(load)
}

/// The release as the folder or archive names it: `Loinc_2.78`.
fn version(source: &Source) -> String {
    let name = source.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut numbers = name.split(|character: char| !character.is_ascii_digit() && character != '.').map(|run| run.trim_matches('.'));
    numbers.rfind(|run| run.contains('.')).unwrap_or_default().to_owned()
}

fn parts(load: &mut Load<'_>) -> Result<Parts, Failure> {
    let mut parts = Parts::new();
    let source = load.source;
    let Some(file) = source.find(|name| name == "part.csv") else { return Ok(parts) };
    let kind = load.writer.declare(Property { code: "PartTypeName".into(), uri: "".into(), kind: ValueType::String })?;
    source.read(file, |reader| {
        let mut rows = Rows::with_header(reader, &file.name, Dialect::Comma)?;
        let (number, part_type) = (rows.column("PartNumber")?, rows.column("PartTypeName")?);
        let (name, display, status) = (rows.column("PartName")?, rows.column("PartDisplayName")?, rows.column("Status")?);
        while rows.next()? {
            load.count(&file.name);
            let code = rows.need(number)?;
            load.writer.concept(code)?;
            let shown = if rows.get(display).is_empty() { name } else { display };
            load.writer.designation(code, &NewDesignation::display(rows.get(shown)))?;
            load.writer.designation(code, &NewDesignation::other(rows.get(name), None))?;
            load.writer.value(code, kind, rows.get(part_type))?;
            if !matches!(rows.get(status), "ACTIVE" | "") {
                load.writer.inactive(code)?;
            }
            parts.insert((rows.get(part_type).to_owned(), rows.get(name).to_owned()), code.to_owned());
        }
        Ok(())
    })?;
    Ok(parts)
}

/// A column and the property that it becomes.
type Column = (usize, usize);

fn table(load: &mut Load<'_>, parts: &Parts) -> Result<(), Failure> {
    let source = load.source;
    let file = source.need("Loinc.csv")?;
    source.read(file, |reader| {
        let mut rows = Rows::with_header(reader, &file.name, Dialect::Comma)?;
        let (code, name, status) = (rows.column("LOINC_NUM")?, rows.column("LONG_COMMON_NAME")?, rows.column("STATUS")?);
        let mut axes: Vec<(Column, &str)> = Vec::new();
        for (column, kind) in AXES {
            axes.push(((rows.column(column)?, property(load, column, ValueType::Coding)?), kind));
        }
        let mut plain: Vec<Column> = Vec::new();
        for name in PLAIN {
            if let Some(column) = rows.column_if_any(name) {
                plain.push((column, property(load, name, ValueType::String)?));
            }
        }
        let names = Names::new(&rows);
        while rows.next()? {
            load.count(&file.name);
            let code = rows.need(code)?;
            load.writer.concept(code)?;
            load.writer.designation(code, &NewDesignation::display(rows.get(name)))?;
            names.tell(load, &rows, code)?;
            for &((column, property), kind) in &axes {
                let name = rows.get(column);
                if !name.is_empty() {
                    let part = parts.get(&(kind.to_owned(), name.to_owned())).map_or("", String::as_str);
                    load.writer.value(code, property, &Coding::new(SYSTEM, part, name).to_text())?;
                }
            }
            for &(column, property) in &plain {
                load.writer.value(code, property, rows.get(column))?;
            }
            if rows.get(status) == "DEPRECATED" {
                load.writer.inactive(code)?;
            }
        }
        Ok(())
    })
}

fn property(load: &mut Load<'_>, name: &str, kind: ValueType) -> Result<usize, Failure> {
    load.writer.declare(Property { code: name.into(), uri: format!("http://loinc.org/property/{name}").into(), kind })
}

/// The columns with other names.
struct Names {
    columns: Vec<(usize, Coding)>,
    related: Option<usize>,
}

impl Names {
    fn new(rows: &Rows<'_>) -> Self {
        let column = |name: &str| rows.column_if_any(name).map(|column| (column, Coding::new(SYSTEM, name, name)));
        let columns = ["SHORTNAME", "DisplayName", "CONSUMER_NAME"].into_iter().filter_map(column).collect();
        Self { columns, related: rows.column_if_any("RELATEDNAMES2") }
    }

    fn tell(&self, load: &mut Load<'_>, rows: &Rows<'_>, code: &str) -> Result<(), Failure> {
        for (column, usage) in &self.columns {
            load.writer.designation(code, &NewDesignation::other(rows.get(*column), Some(usage)))?;
        }
        let usage = Coding::new(SYSTEM, "RELATEDNAMES2", "RELATEDNAMES2");
        for name in rows.get_if_any(self.related).split(';').map(str::trim) {
            load.writer.designation(code, &NewDesignation::other(name, Some(&usage)))?;
        }
        Ok(())
    }
}

/// The hierarchy, in which parts are above terms.
fn hierarchy(load: &mut Load<'_>) -> Result<(), Failure> {
    let source = load.source;
    let Some(file) = source.find(|name| name == "componenthierarchybysystem.csv") else { return Ok(()) };
    source.read(file, |reader| {
        let mut rows = Rows::with_header(reader, &file.name, Dialect::Comma)?;
        let (parent, code, text) = (rows.column("IMMEDIATE_PARENT")?, rows.column("CODE")?, rows.column("CODE_TEXT")?);
        while rows.next()? {
            load.count(&file.name);
            let code = rows.need(code)?;
            if code.starts_with("LP") {
                load.writer.concept(code)?;
                load.writer.designation(code, &NewDesignation::other(rows.get(text), None))?;
            }
            if !rows.get(parent).is_empty() {
                load.writer.parent(code, rows.get(parent))?;
            }
        }
        Ok(())
    })
}
