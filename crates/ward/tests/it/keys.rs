//! Keys, legal holds and erasures by the binary.
//!
//! - [`erased`]: a patient who was erased, and older backups.
//! - [`exported`]: the record of one patient, and records without what tells whose they are.
//! - [`index`]: an index that names nobody.
//! - [`places`]: copies of keys and of the list of erasures, a key-encryption key in the environment.
//! - [`resealed`]: bodies sealed anew.
//! - [`trail`]: an older backup and the audit trail.
//! - [`load`]: keys rotated and wrapped again while others read and write, and killed in the middle.

mod erased;
mod exported;
mod index;
mod load;
mod places;
mod resealed;
mod trail;

use std::path::Path;

use crate::process::{Server, run, run_well};

/// A word that is found in no other file of a data directory.
pub const CANARY: &str = "zqxjkvbwpycanary";

pub const SEALED: &[&str] = &["--set", "seal_bodies=patient"];

/// Runs the binary with bodies sealed, and gives its standard output.
pub fn sealed(folder: &Path, arguments: &[&str]) -> String {
    run_well(folder, &[SEALED, arguments].concat())
}

/// A server with bodies sealed.
pub fn serve(folder: &Path) -> Server {
    Server::start(folder, SEALED)
}

pub fn put(server: &Server, path: &str, rest: &str) {
    let (kind, id) = path.split_once('/').expect("a type and an id");
    let body = format!(r#"{{"resourceType":"{kind}","id":"{id}"{rest}}}"#);
    let answer = server.send("PUT", &format!("/fhir/{path}"), &[("Content-Type", "application/fhir+json")], body.as_bytes());
    assert!(answer.status < 300, "{path}: {}", answer.status);
}

/// A patient with a name and a condition.
pub fn patient(server: &Server, id: &str, word: &str) {
    put(server, &format!("Patient/{id}"), &format!(r#","name":[{{"family":"{word}"}}]"#));
    let condition = format!(r#","subject":{{"reference":"Patient/{id}"}},"code":{{"text":"{word}"}}"#);
    put(server, &format!("Condition/of-{id}"), &condition);
}

/// A number of what `ward key list` tells.
pub fn fact(folder: &Path, name: &str) -> u64 {
    let told: serde_json::Value = serde_json::from_str(&sealed(folder, &["key", "list", "--json"])).expect("JSON");
    told[name].as_u64().unwrap_or_else(|| panic!("{name} in {told}"))
}

/// Whether a word is in a file of a folder as it is.
pub fn is_in_file(path: &Path, word: &str) -> bool {
    std::fs::read(path).is_ok_and(|bytes| bytes.windows(word.len()).any(|window| window == word.as_bytes()))
}

#[test]
fn keys_are_rotated_wrapped_again_and_retired_with_a_server_and_without() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = serve(folder.path());
    patient(&server, "p1", CANARY);
    patient(&server, "p2", "other");
    // An attachment is a resource as others are.
    let file = server.send("POST", "/fhir/Binary", &[("Content-Type", "text/plain")], CANARY.as_bytes());
    assert_eq!(file.status, 201);
    let attachment = file.header("location").split("/Binary/").nth(1).and_then(|rest| rest.split('/').next()).expect("an id").to_owned();
    for _ in 0..2 {
        sealed(folder.path(), &["key", "rotate", "--kek"]);
        sealed(folder.path(), &["key", "rotate"]);
    }
    assert_eq!((fact(folder.path(), "kek"), fact(folder.path(), "lagging"), fact(folder.path(), "sealedVersions")), (3, 0, 5 + 8));
    assert_eq!(server.get("/fhir/Patient?name=zqxjkvbwpycanary&_summary=count").status, 200);
    assert_eq!(server.stop(), Some(0));
    sealed(folder.path(), &["key", "rotate", "--kek"]);
    sealed(folder.path(), &["key", "retire"]);
    assert_eq!((fact(folder.path(), "kek"), fact(folder.path(), "kekMinimum")), (4, 4));
    let kek = std::fs::read_to_string(folder.path().join("data/kek")).expect("the key-encryption key");
    assert!(kek.starts_with("4 ") && kek.lines().count() == 1, "older versions are gone");
    for (file, word) in [("ward.sqlite3", CANARY), ("ward.sqlite3", "enF4amt2Ynd5"), ("ward.sqlite3-wal", CANARY), ("keys", "p1")] {
        assert!(!is_in_file(&folder.path().join("data").join(file), word), "{word} is in {file}");
    }
    let server = serve(folder.path());
    let answer = server.get("/fhir/Patient/p1");
    assert!(String::from_utf8_lossy(&answer.body).contains(CANARY));
    let file = server.send("GET", &format!("/fhir/Binary/{attachment}"), &[("Accept", "text/plain")], b"");
    assert_eq!(file.body, CANARY.as_bytes());
    // What was done is told.
    let told = String::from_utf8(server.get("/fhir/AuditEvent?_count=100").body).expect("text");
    assert!(told.contains("the key-encryption key got a new version") && told.contains("old versions of keys were removed"), "{told}");
    assert_eq!(server.stop(), Some(0));
    let without = run(folder.path(), &["export"]);
    assert_eq!(without.status.code(), Some(4), "sealed bodies want the setting");
    assert!(String::from_utf8_lossy(&without.stderr).contains("seal_bodies"));
}

#[test]
fn a_legal_hold_keeps_a_record_until_it_is_released() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = serve(folder.path());
    patient(&server, "p1", CANARY);
    sealed(folder.path(), &["hold", "add", "case-7", "--patient", "p1"]);
    assert_eq!(sealed(folder.path(), &["hold", "list"]).trim(), "case-7: 1 patients");
    assert_eq!(sealed(folder.path(), &["hold", "list", "--patient", "p1"]).trim(), "case-7: Patient/p1");
    assert_eq!(server.stop(), Some(0));
    for what in [&["Patient/p1", "--patient"][..], &["Condition/of-p1"]] {
        let refused = run(folder.path(), &[SEALED, &["erase", "--by-law", "--yes"], what].concat());
        assert_eq!(refused.status.code(), Some(1), "{what:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("legal holds"), "{}", String::from_utf8_lossy(&refused.stderr));
    }
    sealed(folder.path(), &["hold", "release", "case-7", "--patient", "p1"]);
    assert_eq!(run(folder.path(), &[SEALED, &["hold", "release", "case-7", "--patient", "p1"]].concat()).status.code(), Some(1));
    sealed(folder.path(), &["hold", "add", "case-8", "--all"]);
    let refused = run(folder.path(), &[SEALED, &["erase", "Patient/p1", "--patient", "--by-law", "--yes"]].concat());
    assert_eq!(refused.status.code(), Some(1), "all is held");
    sealed(folder.path(), &["hold", "release", "case-8", "--all"]);
    let told = sealed(folder.path(), &["erase", "Patient/p1", "--patient", "--by-law", "--yes", "--json"]);
    assert_eq!(told.trim(), r#"{"resources":2,"versions":2}"#);
    assert_eq!(
        run(folder.path(), &[SEALED, &["hold", "add", "late", "--patient", "p1"]].concat()).status.code(),
        Some(1),
        "it is too late"
    );
}

#[test]
fn holds_and_erasures_are_of_one_tenant() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    sealed(folder.path(), &["tenant", "add", "north", "--name", "North Clinic"]);
    std::fs::write(folder.path().join("p.ndjson"), r#"{"resourceType":"Patient","id":"p1"}"#).expect("written");
    for tenant in ["main", "north"] {
        sealed(folder.path(), &["import", "p.ndjson", "--tenant", tenant]);
    }
    sealed(folder.path(), &["hold", "add", "case-1", "--patient", "p1"]);
    sealed(folder.path(), &["key", "rotate", "--tenant", "north"]);
    let erase = ["erase", "Patient/p1", "--patient", "--by-law", "--yes", "--tenant"];
    assert_eq!(run(folder.path(), &[SEALED, &erase, &["main"]].concat()).status.code(), Some(1), "it is held there");
    sealed(folder.path(), &[&erase[..], &["north"]].concat());
    assert!(sealed(folder.path(), &["export", "--tenant", "main"]).contains("\"p1\""));
    assert!(!sealed(folder.path(), &["export", "--type", "Patient", "--tenant", "north"]).contains("\"p1\""));
    assert!(!run(folder.path(), &[SEALED, &["hold", "list", "--tenant", "nowhere"]].concat()).status.success());
}
