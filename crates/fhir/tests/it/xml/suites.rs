//! XML of HL7's test suites: all of it can be read, but for a list of files with the reason.

use fhir::xml;

use crate::shared_data::{self, Document};

/// The files that are refused, and why.
const REFUSED: &str = include_str!("refused-files.tsv");

#[test]
fn the_validator_suite_and_the_fhirpath_suite() {
    let Some(data) = shared_data::data() else { return };
    let mut files = shared_data::unzip(&data.join("suites/validator/validator-r4.zip"));
    for path in shared_data::files(&data.join("suites/fhirpath/input"), ".xml") {
        let name = path.strip_prefix(&data).unwrap_or(&path).display().to_string();
        files.push(Document { name, text: std::fs::read(&path).expect("the file can be read") });
    }
    files.retain(|file| file.name.ends_with(".xml"));
    let mut wrong = Vec::new();
    for Document { name, text } in &files {
        let expected = REFUSED.lines().skip(1).find_map(|line| line.strip_prefix(name.as_str())?.strip_prefix('\t')).is_none();
        match xml::parse(text) {
            Ok(_) if !expected => wrong.push(format!("{name} is read now: take it off the list")),
            Err(issues) if expected => wrong.push(format!("{name} is refused: {}", issues[0])),
            _ => {}
        }
    }
    println!("{} files, {} of them refused as listed", files.len(), REFUSED.lines().count() - 1);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
