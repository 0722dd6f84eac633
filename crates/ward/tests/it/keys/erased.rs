//! A patient who was erased stays erased, whatever older backup is put back.

use std::path::Path;

use super::{CANARY, patient, put, sealed};
use crate::process::{Server, run, run_well};

/// Reads, histories, searches and exports have nothing of the patient, and the files neither; the other patient is there.
fn is_gone(folder: &Path, settings: &[&str]) {
    let exported = run_well(folder, &[settings, &["export"]].concat());
    assert!(exported.contains("other") && !exported.contains(CANARY), "{exported}");
    let server = Server::start(folder, settings);
    let all = "/fhir/_history?_count=100";
    for path in ["/fhir/Patient/p1", "/fhir/Condition/of-p1", "/fhir/Patient/p1/_history/1", "/fhir/Patient/p1/_history"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    for path in [all, "/fhir/Patient", "/fhir/Condition", "/fhir/Condition?patient=p1"] {
        let answer = server.get(path);
        assert!(answer.status == 200 && !String::from_utf8_lossy(&answer.body).contains(CANARY), "{path}");
    }
    let found = server.get(&format!("/fhir/Patient?name={CANARY}&_summary=count")).json();
    assert_eq!(found.get("total").map(fhir::json::to_string).as_deref(), Some("0"));
    assert_eq!(server.get("/fhir/Patient/p2").status, 200);
    assert_eq!(server.stop(), Some(0));
    assert_eq!(crate::erase::found(&folder.join("data")), 0, "no file has a word of it");
    assert!(run_well(folder, &[settings, &["index", "check", "--json"]].concat()).contains(r#""differences":0"#));
}

/// A data directory with two patients and a backup of it, and then one of them erased.
fn erased(folder: &Path, settings: &[&str]) {
    let server = Server::start(folder, settings);
    patient(&server, "p1", CANARY);
    put(&server, "Patient/p1", &format!(r#","name":[{{"family":"{CANARY}","given":["again"]}}]"#));
    patient(&server, "p2", "other");
    assert_eq!(server.stop(), Some(0));
    run_well(folder, &[settings, &["backup", "copy.ward"]].concat());
    run_well(folder, &[settings, &["key", "copy", "older-keys"]].concat());
    run_well(folder, &[settings, &["erase", "Patient/p1", "--patient", "--by-law", "--yes"]].concat());
    run_well(folder, &[settings, &["key", "copy", "newer-keys"]].concat());
}

/// The backup put back into another folder, with a copy of the keys.
fn restored(folder: &Path, settings: &[&str], keys: &str) -> tempfile::TempDir {
    let other = tempfile::tempdir().expect("a temporary folder");
    let kek = folder.join("data/kek").display().to_string();
    let (copy, keys) = (folder.join("copy.ward").display().to_string(), folder.join(keys).display().to_string());
    std::fs::create_dir(other.path().join("data")).expect("a folder");
    std::fs::copy(&kek, other.path().join("data/kek")).expect("the key-encryption key");
    run_well(other.path(), &[settings, &["restore", &copy, "--keys", &keys]].concat());
    other
}

#[test]
fn an_older_backup_of_sealed_bodies_brings_nobody_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    erased(folder.path(), super::SEALED);
    is_gone(folder.path(), super::SEALED);
    is_gone(restored(folder.path(), super::SEALED, "newer-keys").path(), super::SEALED);
    // Older keys too, as long as the list beside them is the newest.
    std::fs::copy(folder.path().join("newer-keys/erasures"), folder.path().join("older-keys/erasures")).expect("the list");
    is_gone(restored(folder.path(), super::SEALED, "older-keys").path(), super::SEALED);
    let later = run(folder.path(), &[super::SEALED, &["key", "list"]].concat());
    assert!(String::from_utf8_lossy(&later.stdout).contains("erasures: 1"));
}

#[test]
fn an_older_backup_of_bodies_in_clear_brings_nobody_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    erased(folder.path(), &[]);
    is_gone(folder.path(), &[]);
    is_gone(restored(folder.path(), &[], "newer-keys").path(), &[]);
}

#[test]
fn somebody_who_came_later_under_the_same_id_is_not_erased_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    erased(folder.path(), &[]);
    let server = Server::start(folder.path(), &[]);
    patient(&server, "p1", "somebody");
    assert_eq!(server.stop(), Some(0));
    std::fs::remove_dir_all(folder.path().join("copy.ward")).expect("the older one");
    run_well(folder.path(), &["backup", "copy.ward"]);
    let other = restored(folder.path(), &[], "newer-keys");
    assert!(run_well(other.path(), &["export"]).contains("somebody"));
}

#[test]
fn without_the_keys_nothing_is_restored() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    erased(folder.path(), super::SEALED);
    let other = tempfile::tempdir().expect("a temporary folder");
    let (copy, keys) = (folder.path().join("copy.ward").display().to_string(), folder.path().join("newer-keys").display().to_string());
    // The backup knows of no erasure, and cannot be read without the keys.
    let refused = run(other.path(), &[super::SEALED, &["restore", &copy]].concat());
    assert!(!refused.status.success() && !other.path().join("data/ward.sqlite3").exists());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--keys"), "{}", String::from_utf8_lossy(&refused.stderr));
    // With the list alone nobody knows whom it names.
    std::fs::copy(folder.path().join("data/erasures"), folder.path().join("copy.ward/erasures")).expect("the list");
    let refused = run(other.path(), &[super::SEALED, &["restore", &copy]].concat());
    assert_eq!(refused.status.code(), Some(4), "{}", String::from_utf8_lossy(&refused.stderr));
    std::fs::copy(folder.path().join("data/kek"), other.path().join("data/kek")).expect("the key-encryption key");
    sealed(other.path(), &["restore", &copy, "--keys", &keys]);
    is_gone(other.path(), super::SEALED);
}
