//! One operation on the disk fails: the n-th opening, read, write, truncation, sync or naming of a server's first life, of its second life, which
//! begins with a recovery, or of a backup.
//!
//! Whatever the server makes of it, what it acknowledged is there when the next one starts. When a sync of the truth fails, nobody knows what is on
//! the disk: the process ends, and acknowledges nothing more.
//! `WARD_IO_ERRORS=all` lets each operation fail in turn, and not some of them only; `WARD_IO_ERRORS=sync` each sync.

use std::path::Path;

use saboteur::disk::Loss;
use saboteur::launch::Saboteur;
use saboteur::random::Random;
use saboteur::record::{Operation, Record};
use saboteur::trace::{self, Notes};

use super::ledger::Ledger;
use super::load::{self, Load, note};
use super::{in_parallel, power_loss, verdict};
use crate::process::{run, ward};

/// How many of each operation fail in each act, when not all do.
const SOME: u64 = 2;

/// How many of the syncs.
const SOME_SYNCS: u64 = 5;

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
    let whole = Scene::played(None, &[]);
    whole.judge().expect("nothing fails when nothing is made to");
    let faults: Vec<Fault> = ACTS.iter().flat_map(|act| OPERATIONS.iter().flat_map(|operation| whole.faults(*act, *operation))).collect();
    let judged = in_parallel(&faults, |fault| {
        let scene = Scene::played(Some(*fault), &[]);
        (scene.failed().is_some(), scene.judge().err().map(|why| format!("{fault:?}: {why}")))
    });
    let happened = judged.iter().filter(|(happened, _)| *happened).count();
    println!("{} faults, {happened} of them happened", faults.len());
    assert!(happened * 4 > faults.len() * 3, "too many of the operations that should fail were never done");
    let failures: Vec<String> = judged.into_iter().filter_map(|(_, failure)| failure).collect();
    assert!(failures.is_empty(), "{} faults were not borne:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn a_server_that_outlives_a_failed_sync_is_found_out() {
    let scene = |nth| Scene::played(Some(Fault { act: Act::Second, operation: Operation::Sync, nth }), &["--outlive-errors"]);
    let found = (8..20).find_map(|nth| scene(nth).judge().err());
    println!("{}", found.expect("every failed sync went unnoticed"));
}

/// The acts, played once.
struct Scene {
    folder: tempfile::TempDir,
    records: Vec<Record>,
    fault: Option<Fault>,
    /// The exit code of the second server; `None` when it did not start, or was ended by a signal.
    stopped: Option<i32>,
    /// Whether the backup says that it was made; `None` when none was asked for.
    is_backed_up: Option<bool>,
}

impl Scene {
    /// Plays the acts, each in the folder as the one before it has left it: all of them, or those that there must be for the fault.
    fn played(fault: Option<Fault>, arguments: &[&str]) -> Self {
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
        let is_played = |act: Act| fault.is_none_or(|fault| fault.act == act);
        serve(&saboteur(Act::First), &notes, arguments, false);
        let stopped = is_played(Act::Second).then(|| serve(&saboteur(Act::Second), &notes, arguments, true)).flatten();
        let is_backed_up = is_played(Act::Backup).then(|| back_up(&saboteur(Act::Backup)));
        let records = trace::read(&trace).expect("a whole trace");
        Self { folder, records, fault, stopped, is_backed_up }
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
        let some = if operation == Operation::Sync { SOME_SYNCS } else { SOME };
        let is_whole = std::env::var("WARD_IO_ERRORS").is_ok_and(|all| all == "all" || all == operation.to_string());
        let wanted = if is_whole { count } else { count.min(some) };
        (0..wanted).map(move |index| Fault { act, operation, nth: index * count / wanted + 1 })
    }

    /// Where in the trace the fault happened, if it has at all.
    fn failed(&self) -> Option<usize> {
        self.records.iter().position(|record| matches!(record, Record::Failed { .. }))
    }

    /// Checks what must hold.
    fn judge(&self) -> Result<(), String> {
        if let Some(at) = self.failed()
            && let Record::Failed { operation: Operation::Sync, path } = &self.records[at]
        {
            // What was not synced is lost then, and not only unsure.
            let lost = power_loss::verdict_after(&self.records, Loss::Everything, &mut Random::new(0));
            lost.map_err(|why| format!("{path}, and then the power: {why}"))?;
            if path.contains("ward.sqlite3") {
                self.ends(at).map_err(|why| format!("{path}: {why}"))?;
            }
        }
        let ledger = Ledger::of(trace::notes(&self.records));
        verdict::of(self.folder.path(), &ledger)?;
        match self.is_backed_up {
            Some(true) => restores(&self.folder.path().join("copy"), &ledger),
            Some(false) if self.fault.is_none() => Err("there is no backup".to_owned()),
            _ => Ok(()),
        }
    }

    /// After a sync of the truth has failed, here in the trace, nothing is acknowledged that was sent later, and the server ends by itself.
    fn ends(&self, failed: usize) -> Result<(), String> {
        let (before, after) = self.records.split_at(failed);
        let notes: Vec<&str> = trace::notes(after).collect();
        let sent: Vec<&str> = notes.iter().filter_map(|note| note.strip_prefix("sent ")).collect();
        if let Some(done) = notes.iter().filter_map(|note| note.strip_prefix("done ")).find(|done| sent.contains(done)) {
            return Err(format!("{done} was acknowledged after a sync has failed"));
        }
        let was_told_to_stop = trace::notes(before).any(|note| note == "stop");
        // One request finds out.
        if sent.len() > 1 || !was_told_to_stop && self.stopped == Some(0) {
            return Err("the server went on after a sync has failed".to_owned());
        }
        Ok(())
    }
}

/// A backup that says that it was made has everything.
fn restores(copy: &Path, ledger: &Ledger) -> Result<(), String> {
    let other = tempfile::tempdir().expect("a folder");
    let output = run(other.path(), &["restore", &copy.display().to_string()]);
    if !output.status.success() {
        return Err(format!("the backup cannot be restored: {}", String::from_utf8_lossy(&output.stderr)));
    }
    verdict::of(other.path(), ledger).map_err(|why| format!("restored from the backup: {why}"))
}

/// A server's life: some rounds of writes, with reads between, until it ends or is ended. Gives its exit code, when it has started and one.
fn serve(saboteur: &Saboteur, notes: &Notes, arguments: &[&str], stops: bool) -> Option<i32> {
    let server = load::start(saboteur, &[arguments, &["--checkpoint-pages", "8", "--index-part-bytes", "20000"]].concat()).ok()?;
    let load = Load { address: &server.address, notes, refusals: &REFUSALS };
    let writer = if stops { "second" } else { "first" };
    let rounds = (0..3).try_for_each(|number| {
        load.round(writer, number)?;
        load.look()
    });
    // When the connection breaks, the server has ended by itself.
    rounds.ok();
    if stops {
        note(notes, "stop");
        return server.stop();
    }
    server.kill();
    None
}

/// Makes a backup; says whether that went well.
fn back_up(saboteur: &Saboteur) -> bool {
    let mut command = ward(saboteur.folder());
    command.args(["backup", "copy"]);
    saboteur.attach(&mut command);
    command.output().expect("the binary runs").status.success()
}
