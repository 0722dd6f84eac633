//! A process that journals reads is killed, again and again: whatever it acknowledged is there, and becomes an AuditEvent once.
//!
//! The test runs itself again as another process, which records reads and says on its output which were acknowledged. That process also
//! makes rows into events, as far as it comes; its store is lost with it, but not that of this process, which does the rest.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use audit::journal::{Journal, Mode, Settings};
use audit::{Happening, Materialiser};

use crate::sample::{TENANT, ada, at, audit_events, entity, read, scribe, store};

/// Where the child writes; it is no child when this is not set.
const PLACE: &str = "WARD_TEST_AUDIT_KILL_PLACE";
/// The round, which is in the names of its requests.
const ROUND: &str = "WARD_TEST_AUDIT_KILL_ROUND";
/// When it acknowledges.
const MODE: &str = "WARD_TEST_AUDIT_KILL_MODE";
/// Acknowledges before anything is written: the protection taken out.
const EARLY: &str = "early";

/// Stops when it is refused.
const FULL: &str = "full";

const TASKS: u64 = 16;

fn settings(place: &Path, mode: Mode) -> Settings {
    Settings { mode, most_file_bytes: 100_000, ..Settings::new(place) }
}

/// Starts the child, kills it after so many acknowledgements, and returns all that it has acknowledged.
fn killed_after(acknowledgements: usize, place: &Path, round: usize, mode: &str) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killing::child", "--ignored", "--nocapture"])
        .env(PLACE, place)
        .env(ROUND, round.to_string())
        .env(MODE, mode)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    for line in lines.by_ref() {
        let line = line.unwrap();
        acknowledged.extend(line.strip_prefix("done ").map(str::to_owned));
        if acknowledged.len() == acknowledgements {
            break;
        }
    }
    // SIGKILL. What it had written to the pipe by then is still in it; a line that was cut off is no acknowledgement.
    child.kill().unwrap();
    child.wait().unwrap();
    acknowledged.extend(
        lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("done ").map(str::to_owned)).filter(|name| name.ends_with('.')),
    );
    acknowledged
}

/// The requests of all rows that are there, in a store of this process.
async fn recovered(place: &Path) -> Vec<String> {
    let store = store();
    let journal = Arc::new(Journal::open(settings(place, Mode::Written)).unwrap());
    Materialiser::new(journal, store.clone(), scribe()).run().await.unwrap();
    let events = audit_events(&*store, TENANT).await;
    events.iter().map(|event| at(event, "entity.1.what.identifier.value").to_owned()).collect()
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_kill() {
    for mode in ["written", "synced"] {
        for round in 0..6 {
            let place = tempfile::tempdir().unwrap();
            let acknowledged = killed_after(50 + 397 * round, place.path(), round, mode);
            assert!(acknowledged.len() >= 50 + 397 * round, "{mode}: {} acknowledged", acknowledged.len());
            let found = recovered(place.path()).await;
            let there: HashSet<&String> = found.iter().collect();
            assert_eq!(there.len(), found.len(), "{mode}: a row became two events");
            let lost = acknowledged.iter().filter(|name| !there.contains(name)).count();
            assert_eq!(lost, 0, "{mode}, round {round}: lost of {}", acknowledged.len());
        }
    }
}

/// The canary: who acknowledges before the row is written loses what was acknowledged.
#[tokio::test]
async fn who_acknowledges_too_early_is_found_out() {
    let mut lost = 0;
    for round in 0..20 {
        let place = tempfile::tempdir().unwrap();
        let acknowledged = killed_after(300 + 40 * round, place.path(), round, EARLY);
        let there: HashSet<String> = recovered(place.path()).await.into_iter().collect();
        lost += acknowledged.iter().filter(|name| !there.contains(*name)).count();
        if lost > 0 {
            return;
        }
    }
    panic!("nothing was lost although nothing protected it");
}

/// A disk that is full, as files that may not grow any more: a row is refused and nothing of it is there, what was acknowledged before is.
#[tokio::test]
async fn a_full_disk_refuses_and_loses_nothing() {
    let place = tempfile::tempdir().unwrap();
    // 40 blocks of 1024 bytes; the signal for it is passed over, so that writing fails instead.
    let script = format!(
        "trap '' XFSZ; ulimit -f 40; exec '{}' --exact killing::child --ignored --nocapture",
        std::env::current_exe().unwrap().display()
    );
    let output = Command::new("bash").args(["-c", &script]).env(PLACE, place.path()).env(ROUND, "0").env(MODE, FULL).output().unwrap();
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let acknowledged: Vec<&str> = lines.lines().filter_map(|line| line.strip_prefix("done ")).collect();
    let refused = lines.lines().filter(|line| *line == "refused Full").count();
    assert!(acknowledged.len() > 100, "{lines}");
    assert!(refused > 1, "it is tried again, and refused again: {lines}");
    let found = recovered(place.path()).await;
    assert_eq!(found, acknowledged, "what was refused is not there");
}

/// Records one after the other, until some were refused.
async fn until_full(journal: &Journal) {
    let who = Arc::new(ada());
    let mut refused = 0;
    for number in 0_u64.. {
        let name = format!("{number}.");
        let happening = Happening { who: Some(who.clone()), request: name.as_str().into(), ..read(vec![entity("Location/l", 1)]) };
        match journal.record(&happening).await {
            Ok(()) => say(&format!("done {name}")),
            Err(error) => {
                say(&format!("refused {error:?}"));
                refused += 1;
            }
        }
        if refused == 5 {
            return;
        }
    }
}

#[test]
#[ignore = "the process that is killed"]
fn child() {
    let (Ok(place), Ok(round), Ok(mode)) = (std::env::var(PLACE), std::env::var(ROUND), std::env::var(MODE)) else { return };
    let settings = settings(Path::new(&place), if mode == "synced" { Mode::Synced } else { Mode::Written });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let journal = Arc::new(Journal::open(settings).unwrap());
        if mode == FULL {
            return until_full(&journal).await;
        }
        let is_early = mode == EARLY;
        let tasks: Vec<_> = (0..TASKS).map(|task| tokio::spawn(record(journal.clone(), round.clone(), task, is_early))).collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

/// Records without end: it is killed.
async fn record(journal: Arc<Journal>, round: String, task: u64, is_early: bool) {
    let who = Arc::new(ada());
    for number in 0_u64.. {
        let name = format!("{round}-{task}-{number}.");
        let happening = Happening { who: Some(who.clone()), request: name.as_str().into(), ..read(vec![entity("Location/l", 1)]) };
        if is_early {
            say(&format!("done {name}"));
        }
        journal.record(&happening).await.unwrap();
        if !is_early {
            say(&format!("done {name}"));
        }
        tokio::task::yield_now().await;
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}
