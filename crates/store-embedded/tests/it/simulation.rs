//! The store in a small world of its own, whose clock, disk and accidents a seed decides.
//!
//! One thread asks, and waits for each answer, so that a seed does the same each time. The engine and the reference engine are asked the same, and
//! in between the process dies, the power goes, the disk is full, calls fail, the clock jumps, backups are made and restored. After each accident the store opens,
//! its index is clean, and everything that was acknowledged is there.
//!
//! `WARD_SEEDS=100` runs so many seeds; `WARD_SEED=17` that one.

mod run;

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use store::suite::random::Report;

use crate::machine::{Protection, number};
use run::run;

/// How many seeds a run has when nobody says how many.
const SEEDS: u64 = 10_000;

/// A seed that failed, and what it said.
type Failure = (u64, String);

/// Runs seeds on as many threads as there are processors, until one fails in a way that is looked for. Gives that, and what took place.
fn first_failing(seeds: Range<u64>, protection: Protection, is_wanted: impl Fn(&str) -> bool + Sync) -> (Option<Failure>, Report) {
    let next = AtomicU64::new(seeds.start);
    let found = Mutex::new((None, Report::default()));
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end || found.lock().expect("what was found").0.is_some() {
                return;
            }
            let ended = catch_unwind(AssertUnwindSafe(|| runtime.block_on(run(seed, protection, false))));
            let mut found = found.lock().expect("what was found");
            match ended {
                Ok(trace) => found.1.extend(&trace.report),
                Err(what) => {
                    let what = what.downcast_ref::<String>().cloned().unwrap_or_default();
                    eprintln!("simulation: the seed was {seed}; WARD_SEED={seed} runs it again");
                    if is_wanted(&what) {
                        found.0.get_or_insert((seed, what));
                    }
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    found.into_inner().expect("what was found")
}

#[test]
fn nothing_is_lost_or_wrong() {
    let seeds = number("WARD_SEED").map_or(0..number("WARD_SEEDS").unwrap_or(SEEDS), |seed| seed..seed + 1);
    let (count, started) = (seeds.end - seeds.start, Instant::now());
    let (failed, report) = first_failing(seeds, Protection::All, |_| true);
    println!("{count} seeds in {:?}: {report:?}", started.elapsed());
    assert_eq!(failed.map(|(seed, _)| seed), None, "a seed failed");
    let reached = ["commit", "erase", "found", "history", "job taken", "Claimed", "full", "in doubt", "done after all", "back to a backup"];
    for what in reached.into_iter().filter(|_| count >= SEEDS) {
        assert!(report.count(what) > 5, "{what} hardly ever took place: {report:?}");
    }
}

#[test]
fn a_seed_replays_exactly() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let traced = |seed| runtime.block_on(run(seed, Protection::All, true));
    for seed in [3, 14, 159] {
        let (one, other) = (traced(seed), traced(seed));
        assert!(one.calls.len() > 50, "only {} calls were traced", one.calls.len());
        let differing = one.calls.iter().zip(&other.calls).enumerate().find(|(_, (one, other))| one != other);
        assert_eq!(differing, None, "seed {seed} does not replay");
        assert_eq!((one.answers, one.calls.len()), (other.answers, other.calls.len()), "seed {seed} does not replay");
    }
    assert_ne!(traced(1).answers, traced(2).answers, "two seeds do the same");
}

/// The canaries: without one of these protections, some seed answers otherwise than the reference engine.
fn answers_differ(what: &str) -> bool {
    what.contains("the answers differ")
}

#[test]
fn what_is_acknowledged_before_it_is_synced_is_lost() {
    assert!(first_failing(0..SEEDS, Protection::NoSync, answers_differ).0.is_some(), "nobody noticed");
}

#[test]
fn a_disk_that_only_says_that_it_syncs_loses() {
    assert!(first_failing(0..SEEDS, Protection::LyingDisk, answers_differ).0.is_some(), "nobody noticed");
}

#[test]
fn an_index_that_is_not_brought_up_to_the_truth_is_wrong() {
    assert!(first_failing(0..SEEDS, Protection::NoReplay, answers_differ).0.is_some(), "nobody noticed");
}
