//! XML of HL7's test suites: all of it can be read, but for a list of files with the reason.

use fhir::xml;

use crate::shared_data;

/// The files that are refused, and why.
const REFUSED: &str = include_str!("refused-files.tsv");

#[test]
fn the_validator_suite_and_the_fhirpath_suite() {
    let Some(folder) = shared_data::folder("suites") else { return };
    let mut files = shared_data::unzip(&folder.join("validator/validator-r4.zip"));
    for path in shared_data::files(&folder.join("fhirpath/input"), ".xml") {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        files.push((format!("fhirpath/{name}"), std::fs::read(&path).expect("the file can be read")));
    }
    files.retain(|(name, _)| name.ends_with(".xml"));
    let mut wrong = Vec::new();
    for (name, text) in &files {
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
