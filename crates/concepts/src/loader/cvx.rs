//! CVX, the codes of vaccines: CDC's text with bars between its columns and no header, or a table with the columns code and display.

use super::{Load, Loader, one};
use crate::source::{Dialect, Entry, Lines, Rows, Source};
use crate::{Failure, NewDesignation, Property, ValueType};

pub(super) const LOADER: Loader = Loader { name: "cvx", title: "CVX vaccine codes", jobs, load };

fn file(source: &Source) -> Option<&Entry> {
    source.find(|name| name.starts_with("cvx") && [".tsv", ".txt"].iter().any(|end| name.ends_with(end)))
}

fn jobs(source: &Source) -> Vec<String> {
    one(file(source).is_some())
}

fn load(load: &mut Load<'_>) -> Result<(), Failure> {
    let source = load.source;
    let Some(file) = file(source) else { return Err(Failure::FileMissing { path: source.path.clone(), file: "cvx.txt" }) };
    let about = load.writer.about_mut();
    about.url = "http://hl7.org/fhir/sid/cvx".into();
    about.title = "Vaccine Administered Code Set (CVX)".into();
    about.language = "en".into();
    let has_bars = source.head(file, 4096).lines().next().is_some_and(|line| line.contains('|'));
    source.read(file, |reader| {
        if has_bars {
            return bars(load, Rows::without_header(Lines::or_latin(reader, &file.name), Dialect::Bar), &file.name);
        }
        let mut rows = Rows::with_header(reader, &file.name, Dialect::Tab)?;
        let (code, display) = (rows.column("code")?, rows.column("display")?);
        while rows.next()? {
            load.count(&file.name);
            let code = rows.need(code)?;
            load.writer.concept(code)?;
            load.writer.designation(code, &NewDesignation::display(rows.get(display)))?;
        }
        Ok(())
    })
}

/// Code, short description, full name, notes, status, whether it is no vaccine, last update.
fn bars(load: &mut Load<'_>, mut rows: Rows<'_>, file: &str) -> Result<(), Failure> {
    let property = |code: &str, kind| Property { code: code.into(), uri: "".into(), kind };
    let status = load.writer.declare(property("VaccineStatus", ValueType::Code))?;
    let non_vaccine = load.writer.declare(property("nonvaccine", ValueType::Boolean))?;
    let updated = load.writer.declare(property("LastUpdated", ValueType::String))?;
    while rows.next()? {
        load.count(file);
        if rows.len() < 7 {
            return Err(
                rows.malformed("a row has seven columns: code, short description, full name, notes, status, non-vaccine, last update")
            );
        }
        let code = rows.need(0)?.trim();
        load.writer.concept(code)?;
        load.writer.designation(code, &NewDesignation::display(rows.get(1).trim()))?;
        load.writer.designation(code, &NewDesignation::other(rows.get(2).trim(), None))?;
        load.writer.value(code, status, rows.get(4).trim())?;
        load.writer.value(code, non_vaccine, &rows.get(5).trim().to_ascii_lowercase())?;
        load.writer.value(code, updated, rows.get(6).trim())?;
        if matches!(rows.get(4).trim(), "Inactive" | "Never Active") {
            load.writer.inactive(code)?;
        }
    }
    Ok(())
}
