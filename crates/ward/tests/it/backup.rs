//! `ward backup` and `ward restore`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::http;
use crate::process::{Server, run, run_well};

#[test]
fn a_backup_under_load_restores_to_what_was_acknowledged_before_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start(folder.path(), &[]);
    let put = |id: &str| {
        let body = format!(r#"{{"resourceType":"Patient","id":"{id}"}}"#);
        let headers = [("Content-Type", "application/fhir+json")];
        http::try_send(&server.address, "PUT", &format!("/fhir/Patient/{id}"), &headers, body.as_bytes()).map(|answer| answer.status)
    };
    for number in 0..50 {
        assert_eq!(put(&format!("before{number}")), Some(201));
    }
    let stop = Arc::new(AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0.. {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                assert_eq!(put(&format!("during{number}")), Some(201));
            }
        });
        run_well(folder.path(), &["backup", "copy.ward"]);
        stop.store(true, Ordering::Relaxed);
    });
    assert_eq!(server.stop(), Some(0));

    let other = tempfile::tempdir().expect("a temporary folder");
    let copy = folder.path().join("copy.ward").display().to_string();
    run_well(other.path(), &["restore", &copy]);
    let restored = Server::start(other.path(), &[]);
    for number in 0..50 {
        assert_eq!(restored.get(&format!("/fhir/Patient/before{number}")).status, 200);
    }
    drop(restored);
    assert!(run_well(other.path(), &["index", "check", "--json"]).contains(r#""differences":0"#));
}

#[test]
fn an_altered_backup_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    run_well(folder.path(), &["seed", "--patients", "2", "--today", "2026-01-31"]);
    run_well(folder.path(), &["backup", "copy.ward"]);
    let path = folder.path().join("copy.ward/ward.sqlite3");
    let mut bytes = std::fs::read(&path).expect("the backup is there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).expect("the backup is written");

    let other = tempfile::tempdir().expect("a temporary folder");
    let output = run(other.path(), &["restore", &folder.path().join("copy.ward").display().to_string()]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!other.path().join("data/ward.sqlite3").exists());
}

#[test]
fn neither_command_writes_over_anything() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    run_well(folder.path(), &["seed", "--patients", "1", "--today", "2026-01-31"]);
    run_well(folder.path(), &["backup", "copy.ward"]);
    assert_eq!(run(folder.path(), &["backup", "copy.ward"]).status.code(), Some(4));
    assert_eq!(run(folder.path(), &["restore", "copy.ward"]).status.code(), Some(4));
}
