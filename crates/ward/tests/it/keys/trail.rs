//! An older backup in the place of the database: the audit trail goes back, which is signed.

use super::{CANARY, SEALED, sealed};
use crate::process::{Server, run, run_well};

const REQUIRED: &[&str] = &["--set", "access=required"];

fn read(folder: &std::path::Path, times: usize) {
    let server = Server::start(folder, REQUIRED);
    let token = format!("Bearer {}", run_well(folder, &["token"]).trim());
    for _ in 0..times {
        let answer = server.send("GET", "/fhir/Patient/p1", &[("Authorization", &token)], b"");
        assert_eq!(answer.status, 200);
    }
    // What is left is told and signed as it stops.
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn the_trail_goes_back_with_a_restore_and_on_from_there() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("p.ndjson"), r#"{"resourceType":"Patient","id":"p1"}"#).expect("written");
    run_well(folder.path(), &["import", "p.ndjson"]);
    read(folder.path(), 3);
    run_well(folder.path(), &["backup", "copy.ward"]);
    read(folder.path(), 4);
    let verify = |folder: &std::path::Path| run(folder, &[REQUIRED, &["audit", "verify"]].concat());
    assert!(verify(folder.path()).status.success());
    let data = folder.path().join("data");
    let away = |name: &str| std::fs::rename(data.join(name), folder.path().join(name)).expect("moved away");
    away("ward.sqlite3");
    let told = run(folder.path(), &["restore", "copy.ward"]);
    assert!(
        told.status.success() && String::from_utf8_lossy(&told.stderr).contains("says that of"),
        "{}",
        String::from_utf8_lossy(&told.stderr)
    );
    read(folder.path(), 2);
    let found = verify(folder.path());
    let text = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(found.status.success() && text.contains("restored from a backup"), "{text}");
    // Put back by hand, it is a contradiction until somebody says so.
    away("ward.sqlite3-wal");
    std::fs::copy(folder.path().join("copy.ward/ward.sqlite3"), data.join("ward.sqlite3")).expect("put back");
    std::fs::read_dir(&data).expect("a folder").filter_map(Result::ok).filter(|entry| entry.path().is_dir()).for_each(|entry| {
        std::fs::remove_dir_all(entry.path()).expect("the index is removed");
    });
    assert!(!verify(folder.path()).status.success());
    run_well(folder.path(), &["audit", "restored"]);
    assert!(verify(folder.path()).status.success());
}

/// Asks for somebody by name, many times, and gives the files of the journal of reads as a kill leaves them.
fn searched(folder: &std::path::Path, settings: &[&str]) -> Vec<Vec<u8>> {
    let server = Server::start(folder, &[REQUIRED, settings].concat());
    let token = format!("Bearer {}", run_well(folder, &[settings, &["token"]].concat()).trim());
    for _ in 0..SEARCHES {
        let query = format!("/fhir/Patient?family={CANARY}");
        assert_eq!(server.send("GET", &query, &[("Authorization", &token)], b"").status, 200);
    }
    server.kill();
    let files = std::fs::read_dir(folder.join("data")).expect("a folder").filter_map(Result::ok);
    let files = files.filter(|file| file.file_name().to_string_lossy().starts_with("audit-reads."));
    files.map(|file| std::fs::read(file.path()).expect("it is read")).collect()
}

const SEARCHES: usize = 20;

#[test]
fn nobody_reads_in_the_journal_who_was_looked_for() {
    let is_told = |files: &[Vec<u8>]| files.iter().any(|bytes| bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes()));
    let clear = tempfile::tempdir().expect("a temporary folder");
    assert!(is_told(&searched(clear.path(), &[])), "without seals it is there");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files = searched(folder.path(), SEALED);
    assert!(files.iter().map(Vec::len).sum::<usize>() > 100 * SEARCHES && !is_told(&files));
    // Keys that were rotated and retired meanwhile open it still.
    sealed(folder.path(), &["key", "rotate"]);
    sealed(folder.path(), &["key", "rotate", "--kek"]);
    sealed(folder.path(), &["key", "retire"]);
    assert_eq!(Server::start(folder.path(), &[REQUIRED, SEALED].concat()).stop(), Some(0));
    let events = sealed(folder.path(), &["export", "--type", "AuditEvent"]);
    assert_eq!(events.lines().filter(|event| event.contains("search-type")).count(), SEARCHES);
}
