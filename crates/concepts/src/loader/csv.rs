//! Any table with a column `code`, separated by commas or tabs. The columns display, parent, inactive, abstract and definition have their
//! meaning; other columns become properties; a column `display:de` or `designation:de` is a designation in that language. The canonical address
//! must be given.

use super::{Load, Loader, one};
use crate::source::{Dialect, Entry, Rows, Source};
use crate::{Failure, NewDesignation, Property, Rank, ValueType};

pub(super) const LOADER: Loader = Loader { name: "csv", title: "table with a column code (CSV or TSV)", jobs, load };

fn dialect(name: &str) -> Option<Dialect> {
    let ends = |ending: &str| name.ends_with(ending);
    if ends(".csv") { Some(Dialect::Comma) } else { (ends(".tsv") || ends(".tab")).then_some(Dialect::Tab) }
}

fn file(source: &Source) -> Option<(&Entry, Dialect)> {
    let mut tables = source.files().iter().filter_map(|file| Some((file, dialect(&file.base())?)));
    tables.next().filter(|_| tables.next().is_none())
}

fn jobs(source: &Source) -> Vec<String> {
    let Some((file, dialect)) = file(source) else { return one(false) };
    let head = source.head(file, 16 << 10);
    let separator = if dialect == Dialect::Comma { ',' } else { '\t' };
    let mut columns = head.lines().next().unwrap_or_default().split(separator).map(|column| column.trim_matches(['"', ' ', '\u{feff}']));
    one(columns.any(|column| column.eq_ignore_ascii_case("code")))
}

/// What a column is.
enum Column {
    Code,
    Display,
    Designation(String),
    Parent,
    Inactive,
    Abstract,
    Property(usize),
}

fn load(load: &mut Load<'_>) -> Result<(), Failure> {
    let source = load.source;
    let Some((file, dialect)) = file(source) else {
        return Err(Failure::FileMissing { path: source.path.clone(), file: "table (CSV or TSV)" });
    };
    if load.options.url.is_none() {
        return Err(Failure::malformed(&file.name, 0, "such a file does not say which code system it is: give its canonical address"));
    }
    load.writer.about_mut().hierarchy_meaning = "is-a".into();
    source.read(file, |reader| {
        let mut rows = Rows::with_header(reader, &file.name, dialect)?;
        let columns = columns(load, &rows)?;
        let code = rows.column("code")?;
        while rows.next()? {
            load.count(&file.name);
            let code = rows.need(code)?;
            load.writer.concept(code)?;
            for (place, column) in columns.iter().enumerate() {
                tell(load, &rows, code, column, rows.get(place))?;
            }
        }
        Ok(())
    })
}

fn columns(load: &mut Load<'_>, rows: &Rows<'_>) -> Result<Vec<Column>, Failure> {
    let mut columns = Vec::new();
    for name in rows.header() {
        let small = name.to_ascii_lowercase();
        let language = small.strip_prefix("display:").or_else(|| small.strip_prefix("designation:"));
        columns.push(match (small.as_str(), language) {
            (_, Some(_)) => Column::Designation(name.split_once(':').map_or("", |(_, language)| language).to_owned()),
            ("code", _) => Column::Code,
            ("display" | "name" | "description", _) => Column::Display,
            ("designation" | "synonym", _) => Column::Designation(String::new()),
            ("parent", _) => Column::Parent,
            ("inactive", _) => Column::Inactive,
            ("abstract", _) => Column::Abstract,
            _ => {
                let property = Property { code: name.as_str().into(), uri: "".into(), kind: ValueType::String };
                Column::Property(load.writer.declare(property)?)
            }
        });
    }
    Ok(columns)
}

fn tell(load: &mut Load<'_>, rows: &Rows<'_>, code: &str, column: &Column, text: &str) -> Result<(), Failure> {
    let writer = &mut *load.writer;
    match column {
        Column::Code => Ok(()),
        _ if text.is_empty() => Ok(()),
        Column::Display => writer.designation(code, &NewDesignation::display(text)),
        Column::Designation(language) => {
            let rank = if language.is_empty() { Rank::Other } else { Rank::Preferred };
            writer.designation(code, &NewDesignation { language, usage: None, rank, text })
        }
        Column::Parent => text.split('|').try_for_each(|parent| writer.parent(code, parent.trim())),
        Column::Inactive if is_true(rows, text)? => writer.inactive(code),
        Column::Abstract if is_true(rows, text)? => writer.not_selectable(code),
        Column::Inactive | Column::Abstract => Ok(()),
        Column::Property(property) => writer.value(code, *property, text),
    }
}

fn is_true(rows: &Rows<'_>, text: &str) -> Result<bool, Failure> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "y" => Ok(true),
        "false" | "0" | "no" | "n" => Ok(false),
        _ => Err(rows.malformed("whether a concept is inactive or abstract is told as true or false")),
    }
}
