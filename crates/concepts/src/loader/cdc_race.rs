//! CDC's race and ethnicity code set: a table in which a hierarchical code such as `R5.02.009` says what a concept is below.

use std::collections::HashMap;

use super::{Load, Loader, one};
use crate::source::{Dialect, Entry, Lines, Rows, Source};
use crate::{Failure, NewDesignation, Property, ValueType};

pub(super) const LOADER: Loader = Loader { name: "cdc-race-ethnicity", title: "CDC race and ethnicity", jobs, load };

fn file(source: &Source) -> Option<&Entry> {
    let candidate = source.find(|name| name.contains("race") && name.contains("ethnicity") && name.ends_with(".csv"))?;
    source.head(candidate, 4096).lines().next()?.contains("Concept Code").then_some(candidate)
}

fn jobs(source: &Source) -> Vec<String> {
    one(file(source).is_some())
}

fn load(load: &mut Load<'_>) -> Result<(), Failure> {
    let source = load.source;
    let Some(file) = file(source) else { return Err(Failure::FileMissing { path: source.path.clone(), file: "race and ethnicity (CSV)" }) };
    let about = load.writer.about_mut();
    about.url = "urn:oid:2.16.840.1.113883.6.238".into();
    about.version = release(&file.base()).into();
    about.title = "CDC Race and Ethnicity".into();
    about.language = "en".into();
    about.hierarchy_meaning = "is-a".into();
    let place = load.writer.declare(Property { code: "HierarchicalCode".into(), uri: "".into(), kind: ValueType::String })?;
    let mut codes: HashMap<String, String> = HashMap::new();
    source.read(file, |reader| {
        let mut rows = Rows::from_lines(Lines::or_latin(reader, &file.name), Dialect::Comma)?;
        let (code, hierarchy) = (rows.column("Concept Code")?, rows.column("Hierarchical Property")?);
        let (name, preferred) = (rows.column("Concept Name")?, rows.column("Preferred Concept Name")?);
        let status = rows.column_if_any("SDOConceptStatus");
        while rows.next()? {
            load.count(&file.name);
            let (code, hierarchy) = (rows.need(code)?.trim(), rows.need(hierarchy)?.trim());
            load.writer.concept(code)?;
            load.writer.designation(code, &NewDesignation::display(rows.get(preferred).trim()))?;
            load.writer.designation(code, &NewDesignation::other(rows.get(name).trim(), None))?;
            load.writer.value(code, place, hierarchy)?;
            if rows.get_if_any(status).eq_ignore_ascii_case("inactive") {
                load.writer.inactive(code)?;
            }
            if codes.insert(hierarchy.to_owned(), code.to_owned()).is_some() {
                return Err(rows.malformed(format!("two concepts have the hierarchical code {hierarchy}")));
            }
        }
        Ok(())
    })?;
    for (hierarchy, code) in &codes {
        let mut above = hierarchy.as_str();
        while let Some(shorter) = one_up(above) {
            above = shorter;
            if let Some(parent) = codes.get(above) {
                load.writer.parent(code, parent)?;
                break;
            }
        }
    }
    Ok(())
}

/// `R5.02.009` is below `R5.02`, that below `R5`, and that below `R`.
fn one_up(hierarchy: &str) -> Option<&str> {
    match hierarchy.rsplit_once('.') {
        Some((above, _)) => Some(above),
        None => hierarchy.get(..1).filter(|letter| *letter != hierarchy),
    }
}

/// `1.3` of `ph_race_and_ethnicity_cdc_v1.3.csv`.
fn release(name: &str) -> &str {
    let after = name.rsplit_once("_v").map_or("", |(_, rest)| rest);
    after.trim_end_matches(".csv")
}
