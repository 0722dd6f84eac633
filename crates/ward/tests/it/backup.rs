//! `ward backup` and `ward restore`, and the backup that follows a server.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::http;
use crate::process::{Server, run, run_well};

/// How long a test waits for the backup before it is taken for dead.
const PATIENCE: Duration = Duration::from_secs(60);

/// Writes a version of a patient; the version that was acknowledged, `None` when the connection breaks.
fn put(address: &str, id: &str, value: u64) -> Option<u64> {
    let body = format!(r#"{{"resourceType":"Patient","id":"{id}","multipleBirthInteger":{value}}}"#);
    let headers = [("Content-Type", "application/fhir+json")];
    let answer = http::try_send(address, "PUT", &format!("/fhir/Patient/{id}"), &headers, body.as_bytes())?;
    assert!(answer.status < 300, "{}", answer.status);
    answer.header("etag").trim_matches(['W', '/', '"']).parse().ok()
}

/// Each version that a server has, oldest first, with its whole text.
fn versions(server: &Server) -> Vec<String> {
    let mut all = Vec::new();
    let mut next = Some("/fhir/_history?_count=500".to_owned());
    while let Some(path) = next {
        let page = server.get(&path).json();
        let entries = page.get("entry").and_then(|entries| entries.as_array()).map(<[_]>::to_vec).unwrap_or_default();
        all.extend(entries.iter().map(|entry| fhir::json::to_string(entry.get("resource").unwrap_or(entry))));
        let links = page.get("link").and_then(|links| links.as_array()).map(<[_]>::to_vec).unwrap_or_default();
        let is_next = |link: &&fhir::Value| link.get("relation").and_then(|relation| relation.as_str()) == Some("next");
        let url = links.iter().find(is_next).and_then(|link| link.get("url")?.as_str().map(str::to_owned));
        next = url.and_then(|url| url.split_once("/fhir").map(|(_, rest)| format!("/fhir{rest}")));
    }
    all.reverse();
    all
}

/// Writes with four clients until it is told to stop, and notes what was acknowledged: how many versions each patient has.
fn load(address: &str, acknowledged: &Mutex<BTreeMap<String, u64>>, stop: &AtomicBool) {
    let number = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let number = number.fetch_add(1, Ordering::Relaxed);
                    let id = format!("p{}", number % 60);
                    let Some(version) = put(address, &id, number) else { return };
                    let mut acknowledged = acknowledged.lock().expect("the ledger");
                    let known = acknowledged.entry(id).or_default();
                    *known = version.max(*known);
                }
            });
        }
    });
}

/// Asserts that what was restored is what the first commits have made, with all of `before`.
fn assert_prefix(folder: &Path, all: &[String], before: &BTreeMap<String, u64>) {
    let restored = Server::start(folder, &[]);
    let found = versions(&restored);
    assert_eq!(found, all[..found.len()], "what was restored is not what the first commits made");
    for (id, version) in before {
        let answer = restored.get(&format!("/fhir/Patient/{id}/_history/{version}"));
        assert_eq!(answer.status, 200, "version {version} of Patient/{id} was acknowledged before, and is not there");
    }
    let current: std::collections::BTreeSet<&str> =
        found.iter().filter_map(|text| text.split(r#""id":""#).nth(1)?.split('"').next()).collect();
    let total = restored.get("/fhir/Patient?_summary=count").json();
    assert_eq!(total.get("total").map(fhir::json::to_string), Some(current.len().to_string()), "a search finds something else");
    assert_eq!(restored.stop(), Some(0));
    assert!(run_well(folder, &["index", "check", "--json"]).contains(r#""differences":0"#));
}

#[test]
fn a_backup_under_load_is_the_state_after_one_commit() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start(folder.path(), &[]);
    let (acknowledged, stop) = (Mutex::default(), AtomicBool::new(false));
    let before = std::thread::scope(|scope| {
        scope.spawn(|| load(&server.address, &acknowledged, &stop));
        wait_for("some load", || acknowledged.lock().expect("the ledger").len() >= 50);
        let before = acknowledged.lock().expect("the ledger").clone();
        run_well(folder.path(), &["backup", "copy.ward"]);
        let so_far = acknowledged.lock().expect("the ledger").values().sum::<u64>();
        wait_for("more load", || acknowledged.lock().expect("the ledger").values().sum::<u64>() > so_far + 20);
        stop.store(true, Ordering::Relaxed);
        before
    });
    let all = versions(&server);
    assert_eq!(server.stop(), Some(0));
    let other = tempfile::tempdir().expect("a temporary folder");
    run_well(other.path(), &["restore", &folder.path().join("copy.ward").display().to_string()]);
    assert_prefix(other.path(), &all, &before);
}

fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A figure of `/metrics`; `None` when there is none.
fn figure(server: &Server, name: &str) -> Option<f64> {
    let text = String::from_utf8(server.get("/metrics").body).expect("a text");
    text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}

#[test]
fn a_server_that_is_killed_is_in_its_backup_up_to_a_moment_before() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = folder.path().join("elsewhere");
    std::fs::create_dir(&place).expect("a folder");
    let server = Server::start(folder.path(), &[]);
    put(&server.address, "first", 1).expect("an answer");
    assert_eq!(server.stop(), Some(0));
    std::fs::write(folder.path().join("ward.toml"), format!("backup_to = {:?}\nbackup_every_ms = 50\n", place.display().to_string()))
        .expect("settings");
    let server = Server::start(folder.path(), &[]);
    wait_for("a base", || figure(&server, "ward_backup_segments").is_some() && place.join("chain-0001/0000000001/base.txt").exists());
    let (acknowledged, stop) = (Mutex::default(), AtomicBool::new(false));
    let before = std::thread::scope(|scope| {
        scope.spawn(|| load(&server.address, &acknowledged, &stop));
        wait_for("some load", || acknowledged.lock().expect("the ledger").len() >= 50);
        let (before, begun) = (acknowledged.lock().expect("the ledger").clone(), Instant::now());
        let is_older = |age: f64| age < begun.elapsed().as_secs_f64();
        wait_for("the backup has it", || figure(&server, "ward_backup_age_seconds").is_some_and(is_older));
        stop.store(true, Ordering::Relaxed);
        before
    });
    assert_eq!(figure(&server, "ward_backup_ok"), Some(1.0));
    let all = versions(&server);
    server.kill();

    let from = place.display().to_string();
    let other = tempfile::tempdir().expect("a temporary folder");
    run_well(other.path(), &["restore", &from]);
    assert_prefix(other.path(), &all, &before);

    let list = run_well(other.path(), &["backup", "--list", &from, "--json"]);
    let spans = fhir::json::parse(list.as_bytes()).expect("JSON");
    let span = spans.as_array().and_then(|spans| spans.first()).expect("a span").clone();
    let until = span.get("until").and_then(|until| until.as_str()).expect("a moment").to_owned();
    for (name, at, exit) in
        [("commit", "7", 0), ("moment", until.as_str(), 0), ("early", "1999-12-31T23:59:59Z", 4), ("vague", "yesterday", 2)]
    {
        let target = tempfile::tempdir().expect("a temporary folder");
        let output = run(target.path(), &["restore", &from, "--at", at, "--json"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(exit), "{name}: {said}");
        assert_eq!(target.path().join("data/ward.sqlite3").exists(), exit == 0, "{name}");
        if name == "commit" {
            let done = fhir::json::parse(&output.stdout).expect("JSON");
            let commit: u64 = done.get("commit").map(fhir::json::to_string).and_then(|number| number.parse().ok()).expect("a number");
            assert!((1..=7).contains(&commit), "{said}");
            assert_prefix(target.path(), &all, &BTreeMap::new());
        }
        if name == "early" {
            assert!(said.contains("the backup begins at "), "{said}");
        }
    }
    // The server goes on, and so does its backup.
    let server = Server::start(folder.path(), &[]);
    put(&server.address, "after", 1).expect("an answer");
    assert_eq!(server.stop(), Some(0));
    let again = tempfile::tempdir().expect("a temporary folder");
    run_well(again.path(), &["restore", &from]);
    let restored = Server::start(again.path(), &[]);
    assert_eq!(restored.get("/fhir/Patient/after").status, 200);
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
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("ward.sqlite3: it is not what was written"), "{said}");
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

/// A database, or a backup of one, that a newer program has written: nothing is done to it, and the message says what to do.
#[test]
fn what_a_newer_program_wrote_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    run_well(folder.path(), &["seed", "--patients", "1", "--today", "2026-01-31"]);
    let truth = disk::open(&folder.path().join("data/ward.sqlite3"), rusqlite::OpenFlags::default()).expect("the database");
    truth.pragma_update(None, "user_version", 99).expect("a version");
    drop(truth);
    run_well(folder.path(), &["backup", "copy.ward"]);
    let other = tempfile::tempdir().expect("a temporary folder");
    let copy = folder.path().join("copy.ward").display().to_string();
    let commands: [(&Path, &[&str]); 4] = [
        (folder.path(), &["serve", "--listen", "127.0.0.1:0"]),
        (folder.path(), &["export"]),
        (folder.path(), &["index", "check"]),
        (other.path(), &["restore", &copy]),
    ];
    for (place, command) in commands {
        let output = run(place, command);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(4), "{command:?}: {said}");
        let wanted = ["the database has schema 99", "this program knows schemas up to ", "use the program that wrote it, or a newer one"];
        assert!(wanted.iter().all(|part| said.contains(part)), "{command:?}: {said}");
    }
    assert!(!other.path().join("data/ward.sqlite3").exists());
}
