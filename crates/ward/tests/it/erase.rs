//! `ward erase`.

use std::path::{Path, PathBuf};

use crate::process::{Server, run, run_well};

/// One word, so that packed blocks have it as it is where it comes first.
const CANARY: &str = "zqxjkvbwpycanary";

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).filter(|path| path.is_file()).collect()
}

/// In how many files the canary is; a search parameter's text is folded there.
pub fn found(folder: &Path) -> usize {
    let has = |path: &PathBuf| {
        let bytes = std::fs::read(path).expect("a file");
        (0..bytes.len()).any(|at| bytes[at] == b'z' && bytes[at..].starts_with(CANARY.as_bytes()))
    };
    files(folder).iter().filter(|path| has(path)).count()
}

fn put(server: &Server, path: &str, rest: &str) {
    let (kind, id) = path.split_once('/').expect("a type and an id");
    let body = format!(r#"{{"resourceType":"{kind}","id":"{id}"{rest}}}"#);
    let answer = server.send("PUT", &format!("/fhir/{path}"), &[("Content-Type", "application/fhir+json")], body.as_bytes());
    assert!(answer.status < 300, "{path}: {}", answer.status);
}

#[test]
fn a_record_is_in_no_file_and_no_export() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let server = Server::start(folder.path(), &[]);
    put(&server, "Patient/p1", &format!(r#","name":[{{"family":"{CANARY}"}}]"#));
    put(&server, "Patient/p1", &format!(r#","name":[{{"family":"{CANARY}","given":["again"]}}]"#));
    put(&server, "Patient/p2", r#","name":[{"family":"other"}]"#);
    put(&server, "Condition/c1", &format!(r#","subject":{{"reference":"Patient/p1"}},"code":{{"text":"{CANARY}"}}"#));
    assert_eq!(server.stop(), Some(0));
    assert!(found(&data) > 0, "the canary is seen before it is erased");

    let refused = run(folder.path(), &["erase", "Patient/p1", "--patient"]);
    assert_eq!(refused.status.code(), Some(4), "nothing is done without --yes");
    let kept = run(folder.path(), &["erase", "Patient/p1", "--patient", "--yes"]);
    assert_eq!(kept.status.code(), Some(1), "records are kept for seven years");
    assert!(String::from_utf8_lossy(&kept.stderr).contains("it has to be kept until"), "{}", String::from_utf8_lossy(&kept.stderr));
    let referenced = run(folder.path(), &["erase", "Patient/p1", "--by-law", "--yes"]);
    assert_eq!(referenced.status.code(), Some(1), "Condition/c1 refers to it");
    assert!(String::from_utf8_lossy(&referenced.stderr).contains("Condition/c1"));
    let told = run_well(folder.path(), &["erase", "Patient/p1", "--patient", "--by-law", "--yes", "--json"]);
    assert_eq!(told.trim(), r#"{"resources":2,"versions":3}"#);

    assert_eq!(found(&data), 0);
    let exported = run_well(folder.path(), &["export"]);
    assert!(exported.contains("\"p2\"") && !exported.contains("\"p1\""), "{exported}");
    assert!(run_well(folder.path(), &["index", "check", "--json"]).contains(r#""differences":0"#));
    assert_eq!(run(folder.path(), &["erase", "Patient/p1", "--yes"]).status.code(), Some(1), "it is not there any more");
    assert_eq!(run(folder.path(), &["erase", "Patient", "--yes"]).status.code(), Some(2));
}
