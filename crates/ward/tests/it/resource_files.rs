//! `ward fhirpath` and `ward validate`: resources in files, without a server.

use std::path::Path;

use fhir::json;

use crate::process::{run, run_well};

const PATIENT: &str = r#"{"resourceType":"Patient","active":true,"name":[{"family":"Muster","given":["Anna","Maria"]}]}"#;
const XML: &str = r#"<Patient xmlns="http://hl7.org/fhir"><name><family value="Muster"/></name></Patient>"#;

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("written");
    path.display().to_string()
}

#[test]
fn fhirpath_prints_an_item_a_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (json_file, xml_file) = (file(folder.path(), "p.json", PATIENT), file(folder.path(), "p.xml", XML));
    assert_eq!(run_well(folder.path(), &["fhirpath", "name.given | name.family", &json_file]), "Anna\nMaria\nMuster\n");
    assert_eq!(run_well(folder.path(), &["fhirpath", "name.family", &xml_file]), "Muster\n");
    assert_eq!(run_well(folder.path(), &["fhirpath", "name", &xml_file]), "{\"family\":\"Muster\"}\n");
    assert_eq!(run_well(folder.path(), &["fhirpath", "photo", &json_file]), "");
    let expected = "[{\"type\":\"boolean\",\"value\":true},{\"type\":\"Integer\",\"value\":\"1\"}]\n";
    assert_eq!(run_well(folder.path(), &["--json", "fhirpath", "active.combine(name.count())", &json_file]), expected);
    // Profiles and value sets that FHIR brings are known.
    let asks = "conformsTo('http://hl7.org/fhir/StructureDefinition/Patient').combine('male'.memberOf(%`vs-administrative-gender`))";
    assert_eq!(run_well(folder.path(), &["fhirpath", asks, &json_file]), "true\ntrue\n");
    let traced = run(folder.path(), &["fhirpath", "name.trace('names', given).count()", &json_file]);
    assert_eq!((traced.stdout.as_slice(), traced.stderr.as_slice()), (&b"1\n"[..], &b"names: Anna\nnames: Maria\n"[..]));
    assert_eq!(run(folder.path(), &["fhirpath", "name.where(", &json_file]).status.code(), Some(2));
    let failed = run(folder.path(), &["fhirpath", "name.given.single()", &json_file]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&failed.stderr).contains("line 1, column"));
}

#[test]
fn validate_tells_every_problem_with_its_place() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let good = file(folder.path(), "good.json", PATIENT);
    let bad = file(folder.path(), "bad.ndjson", &format!("{PATIENT}\n\n{{\"resourceType\":\"Patient\",\"brithDate\":\"x\"}}\nnothing\n"));
    assert_eq!(run_well(folder.path(), &["validate", &good]), "");
    let output = run(folder.path(), &["validate", &good, &bad]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].contains("bad.ndjson:3: error: WARD-0103: Patient.brithDate") && lines[0].contains("birthDate"), "{told}");
    assert!(lines[1].contains("bad.ndjson:4: error: WARD-0700") && lines.len() == 2, "{told}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("2 of 4 resources"));
    let output = run(folder.path(), &["--json", "validate", &bad]);
    let outcomes = json::parse(&output.stdout).expect("JSON");
    let counts: Vec<usize> = outcomes.each().map(|entry| entry.get("outcome").expect("an outcome").list("issue").count()).collect();
    assert_eq!(counts, [1, 2, 1]);
    assert_eq!(run(folder.path(), &["validate", "--profile", "http://p/1", &good]).status.code(), Some(1));
    assert_eq!(run(folder.path(), &["validate", "missing.json"]).status.code(), Some(1));
}
