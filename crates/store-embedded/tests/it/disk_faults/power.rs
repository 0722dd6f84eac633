//! The power goes under many writers: nothing that was acknowledged is lost, and nothing is half there.
//!
//! `WARD_SEEDS=1000` runs so many seeds; `WARD_SEED=17` that one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use disk::faults::{Chance, Kind};
use store::Store;
use store::suite::ManualClock;
use store_embedded::Embedded;

use super::acts::{nothing_is_lost, step};
use crate::fixture::NOW;
use crate::machine::{IndexFate, Machine, Protection, number};

/// How many seeds there are when nobody says how many.
const SEEDS: u64 = 50;

/// How many write at once.
const WRITERS: u64 = 8;

/// How often the power goes in a run.
const LOSSES: u64 = 3;

type Acknowledged = Arc<Mutex<BTreeMap<String, u64>>>;

/// Runs a seed.
fn lose_power(seed: u64, protection: Protection) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().expect("a runtime");
    let mut chance = Chance::new(seed);
    let machine = Machine::new(protection, [8, 64, 10_000][chance.below(3) as usize]);
    let acknowledged = Acknowledged::default();
    for loss in 0..LOSSES {
        let store = Arc::new(Embedded::open(machine.options(Arc::new(ManualClock::new(NOW)))).expect("a store that opens"));
        let before = acknowledged.lock().expect("the ledger").len();
        machine.faults.freeze_after(200 + chance.below(400));
        runtime.block_on(write_until_it_ends(&store, loss, &acknowledged));
        assert!(acknowledged.lock().expect("the ledger").len() > before, "nothing was acknowledged");
        let fates = [IndexFate::Kept, IndexFate::Flushed, IndexFate::Removed, IndexFate::Older, IndexFate::Cut(chance.any())];
        machine.stop(fates[chance.below(5) as usize], || drop(store));
        assert!(machine.was_fatal(), "the store went on without power");
        // Of an even seed, what processes shared in memory is lost as well.
        machine.start(Some(chance.any() & !1));
        let store = Embedded::open(machine.options(Arc::new(ManualClock::new(NOW)))).expect("a store that opens");
        runtime.block_on(nothing_is_lost(&store, &acknowledged.lock().expect("the ledger")));
        machine.copy_index();
    }
}

async fn write_until_it_ends(store: &Arc<Embedded>, loss: u64, acknowledged: &Acknowledged) {
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let (store, acknowledged) = (Arc::clone(store), Arc::clone(acknowledged));
        writers.spawn(async move {
            for number in 0_u64.. {
                let id = format!("l{loss}w{writer}n{}", number / 2);
                let Ok(committed) = store.commit(step(&id, number)).await else { return };
                acknowledged.lock().expect("the ledger").insert(id, committed.versions[0]);
            }
        });
    }
    while let Some(ended) = writers.join_next().await {
        ended.expect("a writer");
    }
}

#[test]
fn nothing_acknowledged_is_lost() {
    let seeds = number("WARD_SEED").map_or(0..number("WARD_SEEDS").unwrap_or(SEEDS), |seed| seed..seed + 1);
    for seed in seeds {
        println!("seed {seed}: WARD_SEED={seed} runs it again");
        lose_power(seed, Protection::All);
    }
}

/// The canary: a commit that is acknowledged before it is synced is lost, and nobody tells.
#[test]
fn what_is_not_synced_is_lost() {
    let lost = |seed| {
        let ended = std::thread::spawn(move || lose_power(seed, Protection::NoSync)).join();
        let what = ended.err().and_then(|what| what.downcast_ref::<String>().cloned()).unwrap_or_default();
        what.contains("is lost") || what.contains("was acknowledged")
    };
    assert!((0..SEEDS).any(lost), "nothing was lost");
}

/// The disk is of use only if it takes back what was not synced.
#[test]
fn the_disk_takes_back() {
    let machine = Machine::new(Protection::All, 10_000);
    let store = Embedded::open(machine.options(Arc::new(ManualClock::new(NOW)))).expect("a store that opens");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(store.commit(step("one", 1))).expect("a commit");
    assert!(machine.faults.count(Kind::Sync) > 3 && machine.faults.count(Kind::Write) > 10);
    let log = disk::log::log_of(&machine.data().join(store_embedded::FILE_NAME));
    let before = std::fs::read(&log).expect("the log");
    machine.faults.lie();
    runtime.block_on(store.commit(step("two", 2))).expect("a commit");
    assert_ne!(std::fs::read(&log).expect("the log"), before);
    let left: Vec<_> = (0..20).map(|seed| machine.faults.left_of(&log, seed)).collect();
    assert!(left.contains(&before), "no seed takes all of it back");
    assert!(left.iter().any(|left| left.len() > before.len()), "no seed leaves some of it");
}
