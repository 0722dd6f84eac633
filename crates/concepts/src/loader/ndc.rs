//! FDA's National Drug Code directory: `product.txt` and `package.txt`. Packages are below their products.

use std::collections::{HashMap, HashSet};

use super::{Load, Loader, one};
use crate::source::{Dialect, Lines, Rows, Source};
use crate::{Failure, NewDesignation, Property, ValueType};

pub(super) const LOADER: Loader = Loader { name: "ndc", title: "National Drug Code directory", jobs, load };

fn jobs(source: &Source) -> Vec<String> {
    one(["product.txt", "package.txt"].iter().all(|file| source.find(|name| name == *file).is_some()))
}

/// The columns that become properties.
const PRODUCT: [&str; 8] = [
    "PRODUCTTYPENAME",
    "DOSAGEFORMNAME",
    "ROUTENAME",
    "MARKETINGCATEGORYNAME",
    "APPLICATIONNUMBER",
    "LABELERNAME",
    "SUBSTANCENAME",
    "DEASCHEDULE",
];

/// Dates, written as `20240328`.
const DATES: [&str; 2] = ["STARTMARKETINGDATE", "ENDMARKETINGDATE"];

fn load(load: &mut Load<'_>) -> Result<(), Failure> {
    let about = load.writer.about_mut();
    about.url = "http://hl7.org/fhir/sid/ndc".into();
    about.title = "National Drug Code directory".into();
    about.language = "en".into();
    about.hierarchy_meaning = "part-of".into();
    let mut products = HashMap::new();
    let mut seen = HashSet::new();
    product(load, &mut products, &mut seen)?;
    package(load, &products)
}

/// Reads the products: their codes, by the identifier that packages name, and their names go into `products`.
fn product(load: &mut Load<'_>, products: &mut HashMap<String, String>, seen: &mut HashSet<String>) -> Result<(), Failure> {
    let source = load.source;
    let file = source.need("product.txt")?;
    source.read(file, |reader| {
        let mut rows = Rows::from_lines(Lines::or_latin(reader, &file.name), Dialect::Tab)?;
        let (id, code) = (rows.column("PRODUCTID")?, rows.column("PRODUCTNDC")?);
        let (name, suffix) = (rows.column("PROPRIETARYNAME")?, rows.column_if_any("PROPRIETARYNAMESUFFIX"));
        let generic = rows.column("NONPROPRIETARYNAME")?;
        let properties = columns(load, &rows, &PRODUCT, ValueType::String)?;
        let dates = columns(load, &rows, &DATES, ValueType::DateTime)?;
        while rows.next()? {
            load.count(&file.name);
            let code = rows.need(code)?;
            let display = format!("{} {}", rows.get(name), rows.get_if_any(suffix));
            load.writer.concept(code)?;
            load.writer.designation(code, &NewDesignation::display(display.trim()))?;
            load.writer.designation(code, &NewDesignation::other(rows.get(generic), None))?;
            products.insert(rows.need(id)?.to_owned(), display.trim().to_owned());
            // A code may be listed several times, with other labels: the first one counts.
            if seen.insert(code.to_owned()) {
                tell(load, &rows, code, &properties, &dates)?;
            }
        }
        Ok(())
    })
}

fn package(load: &mut Load<'_>, products: &HashMap<String, String>) -> Result<(), Failure> {
    let source = load.source;
    let file = source.need("package.txt")?;
    source.read(file, |reader| {
        let mut rows = Rows::from_lines(Lines::or_latin(reader, &file.name), Dialect::Tab)?;
        let (id, product) = (rows.column("PRODUCTID")?, rows.column("PRODUCTNDC")?);
        let (code, description) = (rows.column("NDCPACKAGECODE")?, rows.column("PACKAGEDESCRIPTION")?);
        let dates = columns(load, &rows, &DATES, ValueType::DateTime)?;
        while rows.next()? {
            load.count(&file.name);
            let code = rows.need(code)?;
            load.writer.concept(code)?;
            let name = products.get(rows.get(id)).map_or("", String::as_str);
            let display = if name.is_empty() { rows.get(description).to_owned() } else { format!("{name}: {}", rows.get(description)) };
            load.writer.designation(code, &NewDesignation::display(&display))?;
            load.writer.parent(code, rows.need(product)?)?;
            tell(load, &rows, code, &[], &dates)?;
        }
        Ok(())
    })
}

/// The columns of a file with the properties that they become.
fn columns(load: &mut Load<'_>, rows: &Rows<'_>, names: &[&str], kind: ValueType) -> Result<Vec<(usize, usize)>, Failure> {
    let mut columns = Vec::new();
    for name in names {
        if let Some(column) = rows.column_if_any(name) {
            columns.push((column, load.writer.declare(Property { code: name.to_ascii_lowercase().into(), uri: "".into(), kind })?));
        }
    }
    Ok(columns)
}

fn tell(load: &mut Load<'_>, rows: &Rows<'_>, code: &str, properties: &[(usize, usize)], dates: &[(usize, usize)]) -> Result<(), Failure> {
    for &(column, property) in properties {
        load.writer.value(code, property, rows.get(column))?;
    }
    for &(column, property) in dates {
        let date = rows.get(column);
        match (date.get(..4), date.get(4..6), date.get(6..8)) {
            (Some(year), Some(month), Some(day)) => load.writer.value(code, property, &format!("{year}-{month}-{day}"))?,
            _ if date.is_empty() => {}
            _ => return Err(rows.malformed("a date is written as 20240328")),
        }
    }
    Ok(())
}
