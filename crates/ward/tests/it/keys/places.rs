//! Where keys and the list of erasures are kept: copies that follow, and a key-encryption key in the environment.

use std::time::{Duration, Instant};

use super::{CANARY, SEALED, fact, patient, serve};
use crate::process::{Server, run, run_well, ward};

fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(60), "{what}: not within a minute");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_purge_over_http_destroys_the_key_and_is_listed_beside_the_backup() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (keys, backup) = (folder.path().join("keys-copy"), folder.path().join("backup"));
    [&keys, &backup].iter().for_each(|place| std::fs::create_dir(place).expect("a folder"));
    let places = [format!("keys_to={}", keys.display()), format!("backup_to={}", backup.display())];
    let settings = [SEALED, &["--set", &places[0], "--set", &places[1], "--set", "erase=on"]].concat();
    let server = Server::start(folder.path(), &settings);
    patient(&server, "p1", CANARY);
    patient(&server, "p2", "other");
    wait_for("the keys are copied", || keys.join("keys").exists());
    let json = [("Content-Type", "application/fhir+json")];
    let kept = server.send("POST", "/fhir/Patient/p1/$purge", &json, br#"{"resourceType":"Parameters"}"#);
    assert_eq!(kept.status, 409, "records are kept for seven years");
    let by_law = br#"{"resourceType":"Parameters","parameter":[{"name":"byLaw","valueBoolean":true}]}"#;
    assert_eq!(server.send("POST", "/fhir/Patient/p1/$purge", &json, by_law).status, 200);
    assert_eq!((server.get("/fhir/Patient/p1").status, server.get("/fhir/Condition/of-p1").status), (404, 404));
    assert_eq!(server.get("/fhir/Patient/p2").status, 200);
    let again = br#"{"resourceType":"Patient","id":"p1"}"#;
    assert_eq!(server.send("PUT", "/fhir/Patient/p1", &json, again).status, 409, "nothing more is written for somebody who was erased");
    let same = |name: &str, place: &std::path::Path| {
        let own = std::fs::read(folder.path().join("data").join(name)).expect("a file");
        std::fs::read(place.join(name)).is_ok_and(|copy| copy == own)
    };
    wait_for("the copies follow", || same("erasures", &keys) && same("erasures", &backup) && same("keys", &keys));
    assert!(!backup.join("keys").exists(), "keys are never beside the backup");
    assert_eq!(fact(folder.path(), "erasures"), 1);
    assert_eq!(server.stop(), Some(0));
    // The disk is lost: the backup, the copy of the keys and the key-encryption key are left.
    let other = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(other.path().join("data")).expect("a folder");
    std::fs::copy(folder.path().join("data/kek"), other.path().join("data/kek")).expect("the key-encryption key");
    let restore = ["restore", &backup.display().to_string(), "--keys", &keys.display().to_string()];
    run_well(other.path(), &[SEALED, &restore].concat());
    let server = serve(other.path());
    assert_eq!((server.get("/fhir/Patient/p1").status, server.get("/fhir/Patient/p2").status), (404, 200));
}

#[test]
fn a_key_encryption_key_may_be_in_the_environment() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let with = |kek: &str, arguments: &[&str]| {
        let mut command = ward(folder.path());
        command.env("HOSPITAL_KEK", kek).args(SEALED).args(["--set", "kek_env=HOSPITAL_KEK"]).args(arguments);
        command.output().expect("the binary runs")
    };
    let (one, two) = (format!("1 {}", "5a".repeat(32)), format!("1 {};2 {}", "5a".repeat(32), "6b".repeat(32)));
    std::fs::write(folder.path().join("p.ndjson"), r#"{"resourceType":"Patient","id":"p1"}"#).expect("written");
    assert!(with(&one, &["import", "p.ndjson"]).status.success());
    assert!(!folder.path().join("data/kek").exists());
    assert!(with(&two, &["key", "rewrap"]).status.success());
    assert!(with(&two, &["key", "retire"]).status.success());
    assert!(!with(&one, &["export"]).status.success(), "the first version is retired");
    assert!(String::from_utf8_lossy(&with(&two, &["export"]).stdout).contains("\"p1\""));
    assert!(!with(&two, &["key", "rotate", "--kek"]).status.success(), "nobody can write there");
}

#[test]
fn doctor_and_status_tell_what_is_sealed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = serve(folder.path());
    patient(&server, "p1", "one");
    let url = format!("http://{}/fhir", server.address);
    wait_for("figures of keys", || run_well(folder.path(), &["status", "--url", &url]).contains("bodies are sealed"));
    assert_eq!(server.stop(), Some(0));
    let told = String::from_utf8(run(folder.path(), &[SEALED, &["doctor"]].concat()).stdout).expect("text");
    assert!(told.contains("ok     keys: 2 of 2 versions are sealed, since 20"), "{told}");
    assert!(told.contains("the key-encryption key lies beside the data"), "{told}");
}

#[test]
fn years_of_retention_are_read_and_what_is_none_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shown = run_well(folder.path(), &["--set", "retention=10 AuditEvent=6", "config", "show"]);
    assert!(shown.contains("retention = \"10 AuditEvent=6\""), "{shown}");
    for wrong in ["x", "201", "7 8", "7 Nothing=3", "AuditEvent"] {
        assert_eq!(run(folder.path(), &["--set", &format!("retention={wrong}"), "config", "show"]).status.code(), Some(2), "{wrong}");
    }
}
