//! One operation on the disk fails: the n-th opening, read, write, truncation, sync or naming of a server's first life, of its second life, which
//! begins with a recovery, or of a backup.
//!
//! Whatever the server makes of it, what it acknowledged is there when the next one starts. When a sync of the truth fails, nobody knows what is on
//! the disk: the process ends, and acknowledges nothing more. `WARD_IO_ERRORS=all` lets each operation fail in turn, and not some of them only.

use saboteur::disk::Loss;
use saboteur::launch::Saboteur;
use saboteur::random::Random;
use saboteur::record::{Operation, Record};
use saboteur::trace::{self, Notes};

use super::ledger::Ledger;
use super::load::{self, Load, note};
use super::{power_loss, verdict};
use crate::process::{run, ward};

/// How many of each operation fail in each act, when not all do.
const SOME: u64 = 4;

/// What a server may answer when an operation has failed: it failed itself, or cannot write.
const REFUSALS: [u16; 3] = [500, 503, 507];

const OPERATIONS: [Operation; 6] =
    [Operation::Open, Operation::Read, Operation::Write, Operation::Truncate, Operation::Sync, Operation::Name];

/// What a process does while its operations are counted, from 1 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    /// A server starts in an empty folder, and is killed in the end.
    First,
    /// A server starts after it was killed, and is stopped.
    Second,
    /// A backup is made.
    Backup,
}

const ACTS: [Act; 3] = [Act::First, Act::Second, Act::Backup];

/// Which operation fails.
#[derive(Clone, Copy, Debug)]
struct Fault {
    act: Act,
    operation: Operation,
    nth: u64,
}

#[test]
fn nothing_acknowledged_is_lost_and_a_failed_sync_ends_the_process() {
    let whole = Scene::played(None);
    whole.judge(None);
    let faults: Vec<Fault> = ACTS.iter().flat_map(|act| OPERATIONS.iter().flat_map(|operation| whole.faults(*act, *operation))).collect();
    println!("{} faults", faults.len());
    let struck = faults.iter().filter(|fault| Scene::played(Some(**fault)).judge(Some(**fault))).count();
    println!("{struck} of them happened");
    assert!(struck * 2 > faults.len(), "most of the operations to fail were never done");
}

/// The acts, played once.
struct Scene {
    folder: tempfile::TempDir,
    records: Vec<Record>,
    /// The exit code of the second server; `None` when it did not start.
    stopped: Option<Option<i32>>,
    /// Whether the backup says that it was made.
    is_backed_up: bool,
}

impl Scene {
    /// Plays all acts, each in the folder as the one before it has left it.
    fn played(fault: Option<Fault>) -> Self {
        let (folder, beside) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let trace = beside.path().join("trace");
        let notes = load::notes(&trace);
        let saboteur = |act: Act| {
            note(&notes, format!("act {act:?}"));
            let saboteur = Saboteur::of(folder.path()).recording(&trace);
            match fault.filter(|fault| fault.act == act) {
                Some(fault) => saboteur.failing(fault.operation, fault.nth, ""),
                None => saboteur,
            }
        };
        serve(&saboteur(Act::First), &notes, "first", false);
        let stopped = serve(&saboteur(Act::Second), &notes, "second", true);
        let is_backed_up = back_up(&saboteur(Act::Backup));
        let records = trace::read(&trace).expect("a whole trace");
        Self { folder, records, stopped, is_backed_up }
    }

    /// The records of an act.
    fn act(&self, act: Act) -> &[Record] {
        let begins = |records: &[Record], act: Act| {
            let name = format!("act {act:?}");
            records.iter().position(|record| matches!(record, Record::Marked { text } if *text == name)).unwrap_or(records.len())
        };
        let next = ACTS.iter().skip_while(|other| **other != act).nth(1).map_or(self.records.len(), |next| begins(&self.records, *next));
        &self.records[begins(&self.records, act)..next]
    }

    /// Those faults of an act and operation that are tried.
    fn faults(&self, act: Act, operation: Operation) -> impl Iterator<Item = Fault> {
        let count = trace::count(self.act(act), operation) as u64;
        let wanted = if std::env::var("WARD_IO_ERRORS").is_ok_and(|wanted| wanted == "all") { count } else { count.min(SOME) };
        (0..wanted).map(move |index| Fault { act, operation, nth: index * count / wanted + 1 })
    }

    /// Checks what must hold. Says whether the fault has happened at all.
    fn judge(&self, fault: Option<Fault>) -> bool {
        let told = fault.map_or("without a fault".to_owned(), |fault| format!("{fault:?}"));
        let failed = self.records.iter().position(|record| matches!(record, Record::Failed { .. }));
        if let Some(Record::Failed { operation: Operation::Sync, path }) = failed.map(|at| &self.records[at]) {
            // What the disk has not synced is lost, and not only unsure.
            let lost = power_loss::verdict_after(&self.records, Loss::Everything, &mut Random::new(0));
            lost.unwrap_or_else(|why| panic!("{told}, and the power failed: {why}"));
            if path.contains("ward.sqlite3") && fault.is_some_and(|fault| fault.act != Act::Backup) {
                self.is_the_end(failed.unwrap_or_default(), &told);
            }
        }
        verdict::of(self.folder.path(), &Ledger::of(trace::notes(&self.records))).unwrap_or_else(|why| panic!("{told}: {why}"));
        if self.is_backed_up {
            self.restores(&told);
        } else {
            assert!(fault.is_some_and(|fault| fault.act == Act::Backup), "{told}: there is no backup");
        }
        failed.is_some()
    }

    /// Nothing that was sent after the failure was acknowledged, and no server that met it ended as if nothing had happened.
    fn is_the_end(&self, failed: usize, told: &str) {
        let after = self.records[failed..].iter().filter_map(|record| match record {
            Record::Marked { text } => Some(text.as_str()),
            _ => None,
        });
        let notes: Vec<&str> = after.take_while(|note| !note.starts_with("act ")).collect();
        let sent: Vec<&str> = notes.iter().filter_map(|note| note.strip_prefix("sent ")).collect();
        let done = notes.iter().filter_map(|note| note.strip_prefix("done ")).find(|done| sent.contains(done));
        assert_eq!(done, None, "{told}: acknowledged after a sync has failed");
        let is_stopping = self.records[..failed].iter().any(|record| matches!(record, Record::Marked { text } if text == "stop"));
        if !is_stopping {
            assert!(!notes.contains(&"all sent"), "{told}: the server went on after a sync has failed");
            assert_ne!(
                self.stopped,
                Some(Some(0)).filter(|_| told.contains("Second")),
                "{told}: the server stopped as if nothing had happened"
            );
        }
    }

    fn restores(&self, told: &str) {
        let other = tempfile::tempdir().expect("a folder");
        let copy = self.folder.path().join("copy").display().to_string();
        let output = run(other.path(), &["restore", &copy]);
        assert!(output.status.success(), "{told}: {}", String::from_utf8_lossy(&output.stderr));
        let ledger = Ledger::of(trace::notes(&self.records));
        verdict::of(other.path(), &ledger).unwrap_or_else(|why| panic!("{told}, restored: {why}"));
    }
}

/// A server's life: some rounds of writes, with reads between, until it ends or is ended. Gives its exit code, when it has started.
fn serve(saboteur: &Saboteur, notes: &Notes, writer: &str, stops: bool) -> Option<Option<i32>> {
    let server = load::start(saboteur, &["--checkpoint-pages", "8"]).ok()?;
    let load = Load { address: &server.address, notes, refusals: &REFUSALS };
    let rounds = (0..3).try_for_each(|number| {
        load.round(writer, number)?;
        load.look()
    });
    if rounds.is_ok() {
        note(notes, "all sent");
    }
    if stops {
        note(notes, "stop");
        return Some(server.stop());
    }
    server.kill();
    Some(None)
}

/// Makes a backup; says whether that went well.
fn back_up(saboteur: &Saboteur) -> bool {
    let mut command = ward(saboteur.folder());
    command.args(["backup", "copy"]);
    saboteur.attach(&mut command);
    command.output().expect("the binary runs").status.success()
}
