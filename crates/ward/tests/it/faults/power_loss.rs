//! The power fails: whatever the disk has kept of what was not synced, what was acknowledged is there, a transaction whole or not at all,
//! the index agrees with the truth, and the server serves.
//!
//! A server is recorded once, through several starts, under writes, deletions, transactions and an import. For each seed a moment is chosen, and
//! one of the ways in which a disk may be left that loses its power at that moment; the real binary has to make do with it.
//! `WARD_SEEDS` says how many. When one fails, the recording is kept, and `WARD_TRACE` and `WARD_SEED` repeat it.

mod lives;

use std::ops::Range;
use std::path::{Path, PathBuf};

use saboteur::disk::{self, Disk, Loss};
use saboteur::launch::Saboteur;
use saboteur::random::Random;
use saboteur::record::Record;
use saboteur::trace;

use super::ledger::Ledger;
use super::{disk_after, in_parallel, number, verdict};

/// How many seeds there are when nothing says otherwise.
const SEEDS: u64 = 50;

#[test]
fn nothing_acknowledged_is_lost() {
    let beside = tempfile::tempdir().expect("a temporary folder");
    let given = std::env::var_os("WARD_TRACE").map(PathBuf::from);
    let trace = given.unwrap_or_else(|| recorded(beside.path(), &[], |saboteur| saboteur));
    let records = trace::read(&trace).expect("a whole trace");
    let ledger = Ledger::of(trace::notes(&records));
    println!("{} records, {} resources acknowledged", records.len(), ledger.acknowledged());
    assert!(ledger.acknowledged() > 100, "the load was too small to prove anything");
    let seeds = match number("WARD_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("WARD_SEEDS").unwrap_or(SEEDS),
    };
    let failures = failures(&records, seeds);
    if failures.is_empty() {
        return;
    }
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("power-loss.trace");
    std::fs::copy(&trace, &kept).expect("the trace is kept");
    panic!("{} seeds failed; WARD_TRACE={} WARD_SEED=… repeats one:\n{}", failures.len(), kept.display(), failures.join("\n"));
}

#[test]
fn acknowledged_resources_are_lost_without_a_sync_of_each_commit() {
    loses(&["--without-sync"], |saboteur| saboteur);
}

#[test]
fn acknowledged_resources_are_lost_by_a_disk_that_only_says_that_it_syncs() {
    loses(&[], |saboteur| saboteur.lying("ward.sqlite3"));
}

/// Without a protection, the same test fails: with some seed, something that was acknowledged is lost.
fn loses(arguments: &[&str], and: impl Fn(Saboteur) -> Saboteur) {
    let beside = tempfile::tempdir().expect("a temporary folder");
    let records = trace::read(&recorded(beside.path(), arguments, and)).expect("a whole trace");
    let why = (0..SEEDS).find_map(|seed| fails(&records, seed).filter(|why| why.contains("acknowledged")));
    println!("{}", why.expect("no seed lost anything, so that it proves nothing when none does"));
}

/// How often a server is recorded before its trace must be whole.
const RECORDINGS: usize = 5;

/// The trace of a server that was started with these arguments. Everything that it did is in it, as the files that it left show.
///
/// A kill may fall between a call and its record: then the trace lacks what the disk has, and the server is recorded anew.
fn recorded(beside: &Path, arguments: &[&str], and: impl Fn(Saboteur) -> Saboteur) -> PathBuf {
    let mut lacks = String::new();
    for number in 0..RECORDINGS {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let trace = beside.join(format!("trace-{number}"));
        lives::record(&and(Saboteur::of(folder.path()).recording(&trace)), &trace, beside, arguments);
        match is_whole(&trace::read(&trace).expect("a whole trace"), folder.path()) {
            Ok(()) => return trace,
            Err(why) => lacks = why,
        }
    }
    panic!("{RECORDINGS} traces lack something of what was done; the last: {lacks}");
}

/// Whether the files are what the trace makes of them; what is not.
fn is_whole(records: &[Record], folder: &Path) -> Result<(), String> {
    let mut disk = Disk::default();
    records.iter().try_for_each(|record| disk.apply(record)).map_err(|error| error.to_string())?;
    let left = disk.after(Loss::Nothing, &mut Random::new(0));
    for (path, content) in left.iter().filter(|(path, _)| !path.ends_with('/') && !is_map(path)) {
        let found = std::fs::read(folder.join(path)).map_err(|error| format!("{path}: {error}"))?;
        if found != *content {
            return Err(format!("{path} is not what the trace makes of it"));
        }
    }
    Ok(())
}

/// Whether it is the index of SQLite's log: a memory map, of which a trace has nothing. It is made anew after a crash.
fn is_map(path: &str) -> bool {
    path.ends_with("-shm")
}

/// What went wrong with which seed.
fn failures(records: &[Record], seeds: Range<u64>) -> Vec<String> {
    let seeds: Vec<u64> = seeds.collect();
    let fails = in_parallel(&seeds, |seed| fails(records, *seed).map(|why| format!("seed {seed}: {why}")));
    fails.into_iter().flatten().collect()
}

fn fails(records: &[Record], seed: u64) -> Option<String> {
    let mut random = Random::new(seed);
    let before = &records[..moment(records, &mut random)];
    let loss = if random.below(4) == 0 { Loss::Everything } else { Loss::Some };
    verdict_after(before, loss, &mut random).err()
}

/// What the binary makes of the disk when the power fails after these records.
pub fn verdict_after(records: &[Record], loss: Loss, random: &mut Random) -> Result<(), String> {
    let mut left = disk_after(records).after(loss, random);
    left.retain(|path, _| !is_map(path));
    let place = tempfile::tempdir().expect("a temporary folder");
    disk::write(&left, place.path()).expect("the files are written");
    verdict::of(place.path(), &Ledger::of(trace::notes(records)))
}

/// A moment of the trace: any, or one at which something has just been acknowledged.
fn moment(records: &[Record], random: &mut Random) -> usize {
    let any = random.below(records.len() + 1);
    let is_done = |record: &Record| matches!(record, Record::Marked { text } if text.starts_with("done"));
    match random.below(2) {
        0 => any,
        _ => records[any..].iter().position(is_done).map_or(any, |after| any + after + 1),
    }
}
