//! ICD-10-CM: the tabular list (XML) with chapters, blocks, categories and codes, whose seventh characters are spelt out; the plain list of codes;
//! or the order file of CMS. Codes have their point: `S00.00XA`.

mod tabular;

use std::collections::HashSet;

use super::{Load, Loader, digits_in, one, order_file};
use crate::source::{Entry, Lines, Source};
use crate::{Failure, Property, ValueType};

pub(super) const LOADER: Loader = Loader { name: "icd-10-cm", title: "ICD-10-CM", jobs, load };

fn is_of_it(name: &str) -> bool {
    name.replace(['-', '_'], "").starts_with("icd10cm") && !name.contains("addenda")
}

fn tabular_file(source: &Source) -> Option<&Entry> {
    source.find(|name| is_of_it(name) && name.contains("tabular") && name.ends_with(".xml"))
}

fn order_file(source: &Source) -> Option<&Entry> {
    source.find(|name| is_of_it(name) && name.contains("order") && name.ends_with(".txt"))
}

fn code_list(source: &Source) -> Option<&Entry> {
    source.find(|name| is_of_it(name) && name.contains("code") && name.contains("list") && name.ends_with(".txt"))
}

fn jobs(source: &Source) -> Vec<String> {
    one(tabular_file(source).or_else(|| order_file(source)).is_some())
}

/// The property of codes that may be used on a claim.
pub(super) fn declare_billable(load: &mut Load<'_>) -> Result<usize, Failure> {
    load.writer.declare(Property { code: "billable".into(), uri: "".into(), kind: ValueType::Boolean })
}

fn load(load: &mut Load<'_>) -> Result<(), Failure> {
    let source = load.source;
    let (tabular, order) = (tabular_file(source), order_file(source));
    let about = load.writer.about_mut();
    about.url = "http://hl7.org/fhir/sid/icd-10-cm".into();
    about.title = "International Classification of Diseases, 10th Revision, Clinical Modification (ICD-10-CM)".into();
    about.language = "en".into();
    about.hierarchy_meaning = "is-a".into();
    about.case_sensitive = false;
    let named = tabular.or(order).map(Entry::base).unwrap_or_default();
    about.version = version_in(&named).unwrap_or_default().into();
    let mut known = HashSet::new();
    if let Some(file) = tabular {
        source.read(file, |reader| tabular::read(load, reader, &file.name, &mut known))?;
    }
    if let Some(file) = order {
        let billable = declare_billable(load)?;
        source.read(file, |reader| {
            order_file::each(load, reader, &file.name, |load, line| {
                let code = with_point(line.code);
                if known.contains(&code) {
                    return Ok(());
                }
                order_file::concept(load, &code, line, billable)?;
                place(load, code, &mut known)
            })
        })?;
    }
    if let Some(file) = code_list(source) {
        source.read(file, |reader| {
            let mut lines = Lines::new(reader, &file.name);
            while let Some(line) = lines.next()? {
                load.count(&file.name);
                let listed = line.trim();
                let code = if listed.contains('-') { listed.to_owned() } else { with_point(listed) };
                if listed.is_empty() || known.contains(&code) {
                    continue;
                }
                load.writer.concept(&code)?;
                place(load, code, &mut known)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// The date of a release as `2026-04-01`, or its year.
fn version_in(name: &str) -> Option<String> {
    let mut dated = name.split(|character: char| !character.is_ascii_digit() && character != '-').map(|run| run.trim_matches('-'));
    dated.rfind(|run| run.len() == 10 && run.as_bytes()[4] == b'-').map(str::to_owned).or_else(|| digits_in(name, 4))
}

/// Hangs a code that the tabular list does not have below the longest beginning of it that is known. Lists are sorted, so that this has come before.
fn place(load: &mut Load<'_>, code: String, known: &mut HashSet<String>) -> Result<(), Failure> {
    let beginnings = (3..code.len()).rev().filter_map(|end| code.get(..end)).map(|start| start.trim_end_matches(['.', 'X', 'x']));
    if let Some(parent) = beginnings.filter(|start| *start != code).find(|start| known.contains(*start)) {
        load.writer.parent(&code, parent)?;
    }
    known.insert(code);
    Ok(())
}

/// `S0000XA` as `S00.00XA`.
fn with_point(code: &str) -> String {
    match code.split_at_checked(3) {
        Some((category, rest)) if !rest.is_empty() && !rest.starts_with('.') => format!("{category}.{rest}"),
        _ => code.to_owned(),
    }
}
