//! `ward export --patient` and `ward export --deidentified`.

use super::{CANARY, patient, put};
use crate::process::{Server, run, run_well};

#[test]
fn the_record_of_one_patient_has_what_belongs_to_it_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start(folder.path(), &[]);
    patient(&server, "p1", CANARY);
    patient(&server, "p2", "other");
    put(&server, "Binary/scan", r#","contentType":"text/plain","data":"c2Nhbg==""#);
    put(&server, "Binary/of-p2", r#","contentType":"text/plain","data":"c2Nhbg==""#);
    let content = r#","status":"current","subject":{"reference":"Patient/p1"},"content":[{"attachment":{"url":"Binary/scan"}}]"#;
    put(&server, "DocumentReference/d1", content);
    // A patient who links to another is not that one's.
    put(&server, "Patient/p3", r#","link":[{"other":{"reference":"Patient/p1"},"type":"seealso"}]"#);
    assert_eq!(server.stop(), Some(0));
    let exported = run_well(folder.path(), &["export", "--patient", "p1"]);
    let ids: Vec<String> = exported
        .lines()
        .map(|line| {
            let resource: serde_json::Value = serde_json::from_str(line).expect("JSON");
            format!("{}/{}", resource["resourceType"].as_str().expect("a type"), resource["id"].as_str().expect("an id"))
        })
        .collect();
    assert_eq!(ids, ["Condition/of-p1", "DocumentReference/d1", "Patient/p1", "Binary/scan"]);
    assert_eq!(run(folder.path(), &["export", "--patient", "nobody"]).status.code(), Some(1));
    // That it went out is told, about the patient.
    let told = run_well(folder.path(), &["export", "--type", "AuditEvent"]);
    assert!(told.contains("Patient/p1") && told.contains("110106"), "{told}");
}

#[test]
fn a_deidentified_export_has_no_name_and_no_id() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start(folder.path(), &[]);
    patient(&server, "p1", CANARY);
    let more = r#","birthDate":"1980-05-17","address":[{"city":"Springfield","state":"MA"}]"#;
    put(&server, "Patient/p1", &format!(r#","name":[{{"family":"{CANARY}"}}]{more}"#));
    put(&server, "Binary/scan", r#","contentType":"text/plain","data":"c2Nhbg==""#);
    assert_eq!(server.stop(), Some(0));
    let arguments = ["export", "--deidentified", "--type", "Patient", "--type", "Condition", "--type", "Binary"];
    let (one, other) = (run_well(folder.path(), &arguments), run_well(folder.path(), &arguments));
    for text in [CANARY, "p1\"", "05-17", "Springfield", "scan"] {
        assert!(!one.contains(text), "{text} in {one}");
    }
    assert!(one.contains("1980") && one.contains("\"MA\""), "{one}");
    let lines: Vec<serde_json::Value> = one.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2, "{one}");
    // References go on leading to their targets, within one export.
    assert_eq!(lines[1]["subject"]["reference"], format!("Patient/{}", lines[0]["id"].as_str().expect("an id")));
    assert_ne!(one, other, "pseudonyms are of one export");
}
