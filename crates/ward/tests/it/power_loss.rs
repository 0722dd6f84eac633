//! The power fails: whatever the disk has kept of what was not synced, what was acknowledged is there, a transaction whole or not at all,
//! the index agrees with the truth, and the server serves.
//!
//! A server is recorded once, through several starts, under writes, deletions, transactions and an import. For each seed a moment is chosen, and
//! one of the ways in which a disk may be left that loses its power at that moment; the real binary has to make do with it.
//! `WARD_SEEDS` says how many, `WARD_SEED` gives one of them alone.

mod ledger;
mod load;
mod verdict;

use std::sync::atomic::{AtomicU64, Ordering};

use saboteur::disk::{self, Disk, Loss};
use saboteur::launch::Saboteur;
use saboteur::random::Random;
use saboteur::record::Record;
use saboteur::trace;

use ledger::Ledger;

/// How many seeds there are when nothing says otherwise.
const SEEDS: u64 = 50;

#[test]
fn nothing_acknowledged_is_lost() {
    let records = recorded(&[], |saboteur| saboteur);
    let ledger = Ledger::of(trace::notes(&records));
    println!("{} records, {} resources acknowledged", records.len(), ledger.acknowledged());
    assert!(ledger.acknowledged() > 200, "the load was too small to prove anything");
    let seeds = match number("WARD_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("WARD_SEEDS").unwrap_or(SEEDS),
    };
    let failures = failures(&records, seeds);
    assert!(failures.is_empty(), "{} seeds failed; WARD_SEED repeats one:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn acknowledged_resources_are_lost_without_a_sync_of_each_commit() {
    let records = recorded(&["--without-sync"], |saboteur| saboteur);
    assert!((0..SEEDS).any(|seed| is_lost(&records, seed)), "no seed lost anything, so the test above proves nothing");
}

#[test]
fn acknowledged_resources_are_lost_by_a_disk_that_only_says_that_it_syncs() {
    let records = recorded(&[], |saboteur| saboteur.lying("ward.sqlite3"));
    assert!((0..SEEDS).any(|seed| is_lost(&records, seed)), "no seed lost anything, so the test above proves nothing");
}

/// What a server did that was started with these arguments. Everything that it did is in it, as the files that it left show.
fn recorded(arguments: &[&str], and: impl FnOnce(Saboteur) -> Saboteur) -> Vec<Record> {
    let (folder, beside) = (tempfile::tempdir().expect("a temporary folder"), tempfile::tempdir().expect("a temporary folder"));
    let trace = beside.path().join("trace");
    load::record(&and(Saboteur::of(folder.path()).recording(&trace)), &trace, beside.path(), arguments);
    let records = trace::read(&trace).expect("a whole trace");
    let left = disk_after(&records).after(Loss::Nothing, &mut Random::new(0));
    for (path, content) in left.iter().filter(|(path, _)| !path.ends_with('/') && !path.ends_with("-shm")) {
        let found = std::fs::read(folder.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(found == *content, "{path} is not what the trace makes of it");
    }
    records
}

fn disk_after(records: &[Record]) -> Disk<'_> {
    let mut disk = Disk::default();
    records.iter().for_each(|record| disk.apply(record).unwrap_or_else(|error| panic!("{error}")));
    disk
}

/// Whether something that was acknowledged is lost with this seed.
fn is_lost(records: &[Record], seed: u64) -> bool {
    fails(records, seed).is_some_and(|why| why.ends_with("is lost") || why.contains("was acknowledged"))
}

/// What went wrong with which seed.
fn failures(records: &[Record], seeds: std::ops::Range<u64>) -> Vec<String> {
    let next = AtomicU64::new(seeds.start);
    let one = || std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|seed| *seed < seeds.end));
    let work = || one().filter_map(|seed| fails(records, seed).map(|why| format!("seed {seed}: {why}"))).collect::<Vec<_>>();
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(4));
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends")).collect()
    })
}

fn fails(records: &[Record], seed: u64) -> Option<String> {
    let mut random = Random::new(seed);
    let before = &records[..moment(records, &mut random)];
    let loss = if random.below(4) == 0 { Loss::Everything } else { Loss::Some };
    let mut left = disk_after(before).after(loss, &mut random);
    // The index of SQLite's log is a memory map, of which the trace has nothing: it is made anew.
    left.retain(|path, _| !path.ends_with("-shm"));
    let place = tempfile::tempdir().expect("a temporary folder");
    disk::write(&left, place.path()).expect("the files are written");
    verdict::of(place.path(), &Ledger::of(trace::notes(before))).err()
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

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}
