//! A profile that a package brings is asked of what is imported next.

use crate::process::{run, run_well};

const BORN: &str = r#"{"resourceType":"StructureDefinition","id":"born","url":"http://example.org/born","name":"Born","status":"active","kind":"resource",
    "abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","differential":{"element":[
    {"id":"Patient","path":"Patient"},{"id":"Patient.birthDate","path":"Patient.birthDate","min":1}]}}"#;

const LINES: &str = r#"{"resourceType":"Patient","id":"a","meta":{"profile":["http://example.org/born"]},"active":true}
{"resourceType":"Patient","id":"b","meta":{"profile":["http://example.org/born"]},"birthDate":"1980-02-29"}
"#;

#[test]
fn by_an_import() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = super::package(folder.path(), "1.0.0", "red", "");
    std::fs::write(folder.path().join("guide-1.0.0-red/package/StructureDefinition-born.json"), BORN).expect("written");
    run_well(folder.path(), &["package", "add", &at]);
    let file = folder.path().join("patients.ndjson");
    std::fs::write(&file, LINES).expect("written");
    let file = file.to_string_lossy();

    let told = run(folder.path(), &["--set", "validation=enforce", "import", &file]);
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(
        told.contains("patients.ndjson:1: WARD-1010: Patient.birthDate") && told.contains("1 written, 0 unchanged, 1 refused"),
        "{told}"
    );

    let told = run(folder.path(), &["import", &file]);
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(told.contains("1 written, 1 unchanged, 0 refused"), "{told}");
}
