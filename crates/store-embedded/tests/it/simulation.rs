//! The store in a small world of its own, whose clock, disk and accidents a seed decides.
//!
//! One thread asks, and waits for each answer, so that a seed does the same each time. The engine and the reference engine are asked the same, and
//! in between the process dies, the power goes, the disk is full, calls fail, the clock jumps, backups are made and restored. After each accident the store opens,
//! its index is clean, and everything that was acknowledged is there.
//!
//! `WARD_SEEDS=10000` runs so many seeds; `WARD_SEED=17` that one.

mod run;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::machine::{Protection, number};
use run::run;

/// How many seeds a run has when nobody says how many.
const SEEDS: u64 = 300;

/// Runs seeds from `first` on, on as many threads as there are processors, until one fails. Gives the first that did, and says how many were run.
fn first_failing(first: u64, count: u64, protection: Protection) -> Option<u64> {
    let next = AtomicU64::new(first);
    let failed = AtomicU64::new(u64::MAX);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
                while failed.load(Ordering::Relaxed) == u64::MAX {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count {
                        return;
                    }
                    if catch_unwind(AssertUnwindSafe(|| runtime.block_on(run(seed, protection, false)))).is_err() {
                        eprintln!("simulation: the seed was {seed}; WARD_SEED={seed} runs it again");
                        failed.fetch_min(seed, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    Some(failed.into_inner()).filter(|seed| *seed != u64::MAX)
}

#[test]
fn nothing_is_lost_or_wrong() {
    let (first, count) = match number("WARD_SEED") {
        Some(seed) => (seed, 1),
        None => (0, number("WARD_SEEDS").unwrap_or(SEEDS)),
    };
    let started = std::time::Instant::now();
    let failed = first_failing(first, count, Protection::All);
    println!("{count} seeds in {:?}", started.elapsed());
    assert_eq!(failed, None, "a seed failed");
}

#[test]
fn a_seed_replays_exactly() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    for seed in [3, 14, 159] {
        let (one, other) = (runtime.block_on(run(seed, Protection::All, true)), runtime.block_on(run(seed, Protection::All, true)));
        assert!(one.calls.len() > 50, "only {} calls were traced", one.calls.len());
        let differing = one.calls.iter().zip(&other.calls).enumerate().find(|(_, (one, other))| one != other);
        assert_eq!(differing, None, "seed {seed} does not replay");
        assert_eq!((one.answers, one.calls.len()), (other.answers, other.calls.len()), "seed {seed} does not replay");
    }
    let (one, other) = (runtime.block_on(run(1, Protection::All, true)), runtime.block_on(run(2, Protection::All, true)));
    assert_ne!(one.answers, other.answers, "two seeds do the same");
}

/// The canaries: without one of these protections, some seed fails.
#[test]
fn what_is_acknowledged_before_it_is_synced_is_lost() {
    assert!(first_failing(0, 400, Protection::NoSync).is_some(), "nobody noticed");
}

#[test]
fn a_disk_that_only_says_that_it_syncs_loses() {
    assert!(first_failing(0, 400, Protection::LyingDisk).is_some(), "nobody noticed");
}

#[test]
fn an_index_that_is_not_brought_up_to_the_truth_is_wrong() {
    assert!(first_failing(0, 400, Protection::NoReplay).is_some(), "nobody noticed");
}
