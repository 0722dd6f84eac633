//! Published guides: which of their resources do not go in, and that several stand beside each other.

use fhir::Value;

use super::count;
use crate::process::{Server, run_well};

/// The resources that are left out, each with the first reason.
const KNOWN: &str = include_str!("known-guides.txt");

#[test]
fn published_guides_go_in() {
    let Some(shared) = published::data("ig") else { return };
    let mut files: Vec<String> =
        std::fs::read_dir(shared).expect("a folder").flatten().map(|entry| entry.path().to_string_lossy().into_owned()).collect();
    files.retain(|file| file.ends_with(".tgz"));
    files.sort();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut arguments = vec!["package", "add", "--json"];
    arguments.extend(files.iter().map(String::as_str));
    let added = fhir::json::parse(run_well(folder.path(), &arguments).as_bytes()).expect("JSON");
    let mut left_out = Vec::new();
    for one in added.each() {
        println!("{}: {} written", one.text("package").unwrap_or_default(), count(one, "written"));
        for file in one.list("left_out") {
            let reason = file.list("reasons").next().and_then(Value::as_str).unwrap_or_default();
            let number = reason.split(':').next().unwrap_or_default();
            left_out.push(format!("{} {}: {number}", one.text("package").unwrap_or_default(), file.text("file").unwrap_or_default()));
        }
    }
    left_out.sort();
    let known: Vec<&str> = KNOWN.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    assert_eq!(left_out, known, "\n{}", left_out.join("\n"));
    assert_eq!(added.each().map(|one| count(one, "unchanged")).sum::<u64>(), 0);
    let newest = files.iter().find(|file| file.contains("us-core-8")).expect("US Core 8");
    let again = fhir::json::parse(run_well(folder.path(), &["package", "add", "--json", newest]).as_bytes()).expect("JSON");
    assert_eq!(again.each().map(|one| count(one, "written")).sum::<u64>(), 0, "what is there is not written again");

    let server = Server::start(folder.path(), &[]);
    let found = server
        .get("/fhir/StructureDefinition?url=http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient&_elements=version")
        .json();
    let mut versions: Vec<&str> = found.list("entry").filter_map(|entry| entry.get("resource")?.text("version")).collect();
    versions.sort_unstable();
    assert_eq!(versions, ["3.1.1", "6.1.0", "7.0.0", "8.0.0"]);
}
