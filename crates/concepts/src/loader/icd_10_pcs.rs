//! ICD-10-PCS: the order file of CMS, or a table with the columns code and description.

use super::{Load, Loader, digits_in, one, order_file};
use crate::source::{Dialect, Rows, Source};
use crate::{Failure, NewDesignation, Property, ValueType};

pub(super) const LOADER: Loader = Loader { name: "icd-10-pcs", title: "ICD-10-PCS", jobs, load };

fn is_file(name: &str) -> bool {
    let name = name.replace(['-', '_'], "");
    name.starts_with("icd10pcs") && [".tsv", ".txt"].iter().any(|end| name.ends_with(end)) && !name.contains("addenda")
}

fn jobs(source: &Source) -> Vec<String> {
    one(source.find(is_file).is_some())
}

fn load(load: &mut Load<'_>) -> Result<(), Failure> {
    let source = load.source;
    // Of several files the order file has most in it.
    let file = source.find(|name| is_file(name) && name.contains("order")).or_else(|| source.find(is_file));
    let Some(file) = file else { return Err(Failure::FileMissing { path: source.path.clone(), file: "icd10pcs_order_YYYY.txt" }) };
    let about = load.writer.about_mut();
    about.url = "http://www.cms.gov/Medicare/Coding/ICD10".into();
    about.version = digits_in(&file.base(), 4).unwrap_or_default().into();
    about.title = "International Classification of Diseases, 10th Revision, Procedure Coding System (ICD-10-PCS)".into();
    about.language = "en".into();
    about.case_sensitive = false;
    let is_order = order_file::is_one(&source.head(file, 4096));
    source.read(file, |reader| {
        if is_order {
            let billable = super::icd_10_cm::declare_billable(load)?;
            return order_file::each(load, reader, &file.name, |load, line| order_file::concept(load, line.code, line, billable));
        }
        let mut rows = Rows::with_header(reader, &file.name, Dialect::Tab)?;
        let (code, description) = (rows.column("code")?, rows.column("description")?);
        let category = rows.column_if_any("ccs");
        let property = Property { code: "ccs".into(), uri: "".into(), kind: ValueType::String };
        let property = if category.is_some() { load.writer.declare(property)? } else { 0 };
        while rows.next()? {
            load.count(&file.name);
            let code = rows.need(code)?;
            load.writer.concept(code)?;
            load.writer.designation(code, &NewDesignation::display(rows.get(description)))?;
            load.writer.value(code, property, rows.get_if_any(category))?;
        }
        Ok(())
    })
}
