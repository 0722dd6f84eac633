//! The disk is full, at each phase of a server's life: writes are refused with 507 and an OperationOutcome, reads go on, and once there is room
//! again so do writes, without anybody's help. Nothing that was acknowledged is lost.

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::time::Duration;

use saboteur::launch::Saboteur;
use saboteur::record::Operation;
use saboteur::trace::{self, Notes};

use super::ledger::Ledger;
use super::load::{self, Load};
use super::verdict;
use crate::http::{self, Answer};
use crate::process::{Server, run, ward};

/// How often it is tried whether the server has found that there is room again, ten times a second.
const PATIENCE: u32 = 300;

/// A folder on a disk that can be full.
struct Place {
    folder: tempfile::TempDir,
    beside: tempfile::TempDir,
    notes: Notes,
}

impl Place {
    fn new() -> Self {
        let (folder, beside) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let notes = load::notes(&beside.path().join("trace"));
        Self { folder, beside, notes }
    }

    fn gate(&self) -> PathBuf {
        self.beside.path().join("full")
    }

    /// What makes the disk full, for files whose path contains this.
    fn saboteur(&self, path: &str) -> Saboteur {
        Saboteur::of(self.folder.path()).filling(&self.gate(), path)
    }

    fn start(&self, arguments: &[&str]) -> Server {
        self.start_by(&self.saboteur(""), arguments)
    }

    fn start_by(&self, saboteur: &Saboteur, arguments: &[&str]) -> Server {
        load::start(saboteur, arguments).unwrap_or_else(|seen| panic!("the server ended before it listened: {seen}"))
    }

    /// From now on there is room for so many bytes.
    fn fill(&self, left: u64) {
        std::fs::write(self.gate(), left.to_string()).expect("the gate is written");
    }

    /// There is room again.
    fn free(&self) {
        std::fs::remove_file(self.gate()).expect("the gate is there");
    }

    fn load<'a>(&'a self, server: &'a Server, refusals: &'a [u16]) -> Load<'a> {
        Load { address: &server.address, notes: &self.notes, refusals }
    }

    /// Whether what was acknowledged is there.
    fn judge(&self) {
        let records = trace::read(&self.beside.path().join("trace")).expect("a whole trace");
        verdict::of(self.folder.path(), &Ledger::of(trace::notes(&records))).unwrap_or_else(|why| panic!("{why}"));
    }

    /// Writes until there is no room, sees that reads go on, and that writes do once there is room.
    fn fills_and_frees(&self, server: &Server, left: u64) {
        self.load(server, &[]).put("before", 1).expect("an answer");
        self.fill(left);
        let load = self.load(server, &[507]);
        let mut numbers = 0..100_000;
        let refused = numbers.find(|number| !load.put(&format!("f{left}n{number}"), 1).expect("an answer")).expect("a refusal");
        println!("with room for {left} bytes, {refused} writes were acknowledged");
        self.refuses_and_reads(server);
        self.free();
        self.recovers(server, &format!("f{left}after"));
    }

    fn refuses_and_reads(&self, server: &Server) {
        for number in 0..5 {
            assert!(!self.load(server, &[507]).put(&format!("refused{number}"), 1).expect("an answer"), "a write was acknowledged");
            for path in
                ["/fhir/Observation/before", "/fhir/Observation?status=final", "/fhir/Observation/before/_history", "/fhir/metadata"]
            {
                assert_eq!(server.get(path).status, 200, "{path}");
            }
        }
        self.load(server, &[507]).look().expect("answers");
    }

    /// Waits until a write is acknowledged.
    fn recovers(&self, server: &Server, id: &str) {
        let load = self.load(server, &[507, 503]);
        for _ in 0..PATIENCE {
            if load.put(id, 1).expect("an answer") {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("there is room again, and writes are still refused");
    }
}

/// Room for nothing, for parts of a commit, and for some of them.
const ROOMS: [u64; 4] = [0, 9_000, 40_000, 100_000];

#[test]
fn while_it_writes() {
    let place = Place::new();
    let server = place.start(&[]);
    ROOMS.iter().for_each(|left| place.fills_and_frees(&server, *left));
    assert_eq!(server.stop(), Some(0));
    place.judge();
}

#[test]
fn while_it_writes_its_log_back() {
    let place = Place::new();
    let server = place.start(&["--checkpoint-pages", "4"]);
    ROOMS.iter().take(3).for_each(|left| place.fills_and_frees(&server, *left));
    assert_eq!(server.stop(), Some(0));
    place.judge();
}

/// What lets a server write its index to disk after some writes.
const SMALL_INDEX: [&str; 2] = ["--index-part-bytes", "20000"];

#[test]
fn while_it_writes_its_index_to_disk() {
    let place = Place::new();
    // Otherwise it would be the log that there is no room for.
    let server = place.start_by(&place.saboteur("index-"), &SMALL_INDEX);
    ROOMS.iter().for_each(|left| place.fills_and_frees(&server, *left));
    assert_eq!(server.stop(), Some(0));
    place.judge();
}

#[test]
fn while_it_stops() {
    for left in ROOMS.into_iter().take(2) {
        let place = Place::new();
        let server = place.start(&[]);
        (0..5).for_each(|number| place.load(&server, &[]).round("w", number).expect("answers"));
        place.fill(left);
        assert_eq!(server.stop(), Some(0));
        place.free();
        place.judge();
    }
}

#[test]
fn while_it_starts_after_it_was_killed() {
    for left in ROOMS.into_iter().take(2) {
        let place = Place::new();
        let server = place.start(&[]);
        place.load(&server, &[]).put("before", 1).expect("an answer");
        (0..5).for_each(|number| place.load(&server, &[]).round("w", number).expect("answers"));
        server.kill();
        starts_full(&place, left);
    }
}

#[test]
fn while_it_starts_after_it_was_stopped() {
    for left in ROOMS.into_iter().take(2) {
        let place = Place::new();
        let server = place.start(&[]);
        place.load(&server, &[]).put("before", 1).expect("an answer");
        (0..5).for_each(|number| place.load(&server, &[]).round("w", number).expect("answers"));
        assert_eq!(server.stop(), Some(0));
        starts_full(&place, left);
    }
}

#[test]
fn while_it_starts_for_the_first_time() {
    let place = Place::new();
    place.fill(0);
    let server = place.start(&[]);
    assert_eq!(server.get("/fhir/metadata").status, 200);
    assert_full(&http::try_send(&server.address, "GET", "/fhir/Observation", &[], b"").expect("an answer"));
    place.free();
    place.recovers(&server, "after");
    assert_eq!(server.stop(), Some(0));
    place.judge();
}

/// Starts a server with little room, and gives room again once it has refused something.
fn starts_full(place: &Place, left: u64) {
    place.fill(left);
    let server = place.start(&[]);
    let load = place.load(&server, &[507]);
    (0..100_000).find(|number| !load.put(&format!("s{left}n{number}"), 1).expect("an answer")).expect("a refusal");
    place.free();
    place.recovers(&server, "after");
    assert_eq!(server.stop(), Some(0));
    place.judge();
}

fn assert_full(answer: &Answer) {
    let told = String::from_utf8_lossy(&answer.body);
    assert!(answer.status == 507 && told.contains("OperationOutcome"), "{}: {told}", answer.status);
}

#[test]
fn while_a_backup_is_made() {
    let place = Place::new();
    let server = place.start(&[]);
    (0..20).for_each(|number| place.load(&server, &[]).round("w", number).expect("answers"));
    for left in ROOMS.into_iter().take(3) {
        place.fill(left);
        let mut command = ward(place.folder.path());
        command.args(["backup", "copy"]);
        place.saboteur("").attach(&mut command);
        let output = command.output().expect("the binary runs");
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        place.free();
        let other = tempfile::tempdir().expect("a folder");
        let copy = place.folder.path().join("copy");
        assert!(!run(other.path(), &["restore", &copy.display().to_string()]).status.success(), "half a backup was restored");
        std::fs::remove_dir_all(copy).expect("what there is of the backup is removed");
        place.load(&server, &[]).put(&format!("after{left}"), 1).expect("an answer");
    }
    assert!(run(place.folder.path(), &["backup", "copy"]).status.success());
    assert_eq!(server.stop(), Some(0));
    place.judge();
}

#[test]
fn a_server_that_ends_instead_of_refusing_is_found_out() {
    let place = Place::new();
    // It is not told that there is no room, but that the disk has failed.
    let server = place.start_by(&Saboteur::of(place.folder.path()).failing(Operation::Write, 40, "ward.sqlite3-wal"), &[]);
    let found = std::panic::catch_unwind(AssertUnwindSafe(|| place.fills_and_frees(&server, 0)));
    assert!(found.is_err(), "a server that has ended was taken for one that refuses");
}
