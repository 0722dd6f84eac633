//! RxNorm in the Rich Release Format: `RXNCONSO.RRF`, and beside it `RXNREL.RRF`, `RXNSAT.RRF` and `RXNSTY.RRF`. The prescribable subset has the
//! same form.
//!
//! Columns: <https://www.nlm.nih.gov/research/umls/rxnorm/docs/techdoc.html>. Only what RxNorm itself says (`SAB` = RXNORM) is read. A
//! relationship is a property of the name that it has (`has_ingredient`) with the other concept's code; `isa` is the hierarchy.

use super::{Load, Loader, digits_in, one};
use crate::source::{Dialect, Lines, Rows, Source};
use crate::{Coding, Failure, NewDesignation, Property, Rank, ValueType};

pub(super) const LOADER: Loader = Loader { name: "rxnorm", title: "RxNorm (RRF)", jobs, load };

const SYSTEM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
const OWN: &str = "RXNORM";

fn jobs(source: &Source) -> Vec<String> {
    one(source.find(|name| name == "rxnconso.rrf").is_some())
}

fn load(load: &mut Load<'_>) -> Result<(), Failure> {
    let about = load.writer.about_mut();
    about.url = SYSTEM.into();
    about.version = version(load.source).into();
    about.title = "RxNorm".into();
    about.language = "en".into();
    about.hierarchy_meaning = "is-a".into();
    about.copyright = "Courtesy of the U.S. National Library of Medicine".into();
    concepts(load)?;
    relationships(load)?;
    attributes(load)?;
    semantic_types(load)
}

/// The date of `RxNorm_full_prescribe_09022025.zip` as `09022025`, which is how RxNorm's versions are told.
fn version(source: &Source) -> String {
    digits_in(&source.path.file_stem().unwrap_or_default().to_string_lossy(), 8).unwrap_or_default()
}

fn property(load: &mut Load<'_>, code: &str, kind: ValueType) -> Result<usize, Failure> {
    load.writer.declare(Property { code: code.into(), uri: "".into(), kind })
}

/// Goes through the rows of a file; nothing when it is not there.
fn each(
    load: &mut Load<'_>,
    name: &'static str,
    columns: usize,
    mut take: impl FnMut(&mut Load<'_>, &Rows<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let source = load.source;
    let Some(file) = source.find(|other| other == name.to_ascii_lowercase()) else { return Ok(()) };
    source.read(file, |reader| {
        let mut rows = Rows::without_header(Lines::new(reader, &file.name), Dialect::Bar);
        while rows.next()? {
            load.count(&file.name);
            // Each column ends with a bar, the last one too.
            if rows.len() != columns + 1 {
                return Err(rows.malformed(format!(
                    "a row of {name} has {columns} columns, each with a bar after it; this one has {}",
                    rows.len() - 1
                )));
            }
            take(load, &rows)?;
        }
        Ok(())
    })
}

/// RXCUI 0, LAT 1, TS 2, STT 4, ISPREF 6, RXAUI 7, SAB 11, TTY 12, CODE 13, STR 14, SUPPRESS 16.
fn concepts(load: &mut Load<'_>) -> Result<(), Failure> {
    load.source.need("RXNCONSO.RRF")?;
    let term_type = property(load, "TTY", ValueType::Code)?;
    each(load, "RXNCONSO.RRF", 18, |load, rows| {
        if rows.get(11) != OWN {
            return Ok(());
        }
        let (code, kind) = (rows.need(0)?, rows.get(12));
        let usage = Coding::new(SYSTEM, kind, "");
        let is_other_name = matches!(kind, "SY" | "TMSY" | "PSN" | "ET");
        load.writer.concept(code)?;
        let rank = if is_other_name { Rank::Other } else { Rank::Display };
        let usage = is_other_name.then_some(&usage);
        load.writer.designation(code, &NewDesignation { language: "", usage, rank, text: rows.get(14) })?;
        if !is_other_name {
            load.writer.value(code, term_type, kind)?;
            // O is obsolete, E and Y are suppressed by editors.
            if !matches!(rows.get(16), "N" | "") {
                load.writer.inactive(code)?;
            }
        }
        Ok(())
    })
}

/// RXCUI1 0, STYPE1 2, REL 3, RXCUI2 4, RELA 7, SAB 10, SUPPRESS 14. The second concept has the relationship to the first.
fn relationships(load: &mut Load<'_>) -> Result<(), Failure> {
    each(load, "RXNREL.RRF", 16, |load, rows| {
        if rows.get(10) != OWN || rows.get(2) != "CUI" || !matches!(rows.get(14), "N" | "") {
            return Ok(());
        }
        let (target, source) = (rows.need(0)?, rows.need(4)?);
        match rows.get(7) {
            "isa" => load.writer.parent(source, target),
            "inverse_isa" => Ok(()),
            name => {
                let name = if name.is_empty() { rows.get(3) } else { name };
                let property = property(load, name, ValueType::Code)?;
                load.writer.value(source, property, target)
            }
        }
    })
}

/// RXCUI 0, ATN 8, SAB 9, ATV 10, SUPPRESS 11.
fn attributes(load: &mut Load<'_>) -> Result<(), Failure> {
    each(load, "RXNSAT.RRF", 13, |load, rows| {
        if rows.get(9) != OWN || !matches!(rows.get(11), "N" | "") || rows.get(8).is_empty() {
            return Ok(());
        }
        let property = property(load, rows.get(8), ValueType::String)?;
        load.writer.value(rows.need(0)?, property, rows.get(10))
    })
}

/// RXCUI 0, STY 3.
fn semantic_types(load: &mut Load<'_>) -> Result<(), Failure> {
    let semantic_type = property(load, "STY", ValueType::String)?;
    each(load, "RXNSTY.RRF", 6, |load, rows| load.writer.value(rows.need(0)?, semantic_type, rows.get(3)))
}
