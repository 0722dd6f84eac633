//! `ward export`.

use crate::process::{run, run_well};

#[test]
fn what_was_seeded_comes_out_and_goes_in_elsewhere_unchanged() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let seeded = run_well(folder.path(), &["seed", "--patients", "3", "--today", "2026-01-31", "--json"]);
    run_well(folder.path(), &["export", "out"]);
    let names: Vec<_> = std::fs::read_dir(folder.path().join("out"))
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    assert!(names.contains(&"Patient.ndjson".to_owned()), "{names:?}");

    let other = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("out").display().to_string();
    let imported = run_well(other.path(), &["import", &out, "--json"]);
    let written = |text: &str| fhir::json::parse(text.as_bytes()).expect("JSON").get("written").cloned();
    assert_eq!(written(&seeded), written(&imported));

    let observations = |folder: &std::path::Path| {
        let text = run_well(folder, &["export", "--type", "Patient"]);
        let mut lines: Vec<String> = text.lines().map(|line| line.split("lastUpdated").next().unwrap_or_default().to_owned()).collect();
        lines.sort();
        lines
    };
    assert_eq!(observations(folder.path()), observations(other.path()));
}

#[test]
fn an_unknown_type_is_refused_with_the_nearest_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = run(folder.path(), &["export", "--type", "Pateint"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("did you mean Patient?"));
}
