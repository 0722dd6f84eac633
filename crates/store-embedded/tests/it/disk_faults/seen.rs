//! A process dies with a commit that it has written and not synced, and the next one shows it. What was shown stays, whatever the power does then.

use std::sync::Arc;

use disk::faults::Kind;
use store::Store;
use store::suite::ManualClock;
use store_embedded::{Embedded, StoreError};

use super::acts::step;
use crate::fixture::{NOW, TENANT, key};
use crate::machine::{IndexFate, Machine, Protection};

/// How many ways there are for the power to go.
const SEEDS: u64 = 60;

/// What became of the commit that was shown.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    Kept,
    Lost,
    /// The store was not opened.
    Refused,
}

fn open(machine: &Machine) -> Result<Embedded, StoreError> {
    Embedded::open(machine.options(Arc::new(ManualClock::new(NOW))))
}

async fn is_there(store: &Embedded) -> bool {
    store.read(TENANT, &key("second")).await.expect("a read").is_some()
}

async fn fate(seed: u64, protection: Protection) -> Fate {
    let machine = Machine::new(protection, 10_000);
    let store = open(&machine).expect("a store");
    store.commit(step("first", 1)).await.expect("a commit");
    // A reader, so that the writer is not the last to close the database, which would write its log back: a process that ends does not.
    store.changes(TENANT, 0, 1).await.expect("a change");
    machine.faults.fail(Kind::Sync, 0);
    store.commit(step("second", 2)).await.expect_err("a sync that fails");
    machine.stop(IndexFate::Kept, || drop(store));
    machine.start(None);

    let store = open(&machine).expect("a store that opens after its process has died");
    assert!(is_there(&store).await, "the commit is not shown");
    machine.stop(IndexFate::Kept, || drop(store));
    machine.start(Some(seed));
    match open(&machine) {
        Ok(store) if is_there(&store).await => Fate::Kept,
        Ok(_) => Fate::Lost,
        Err(_) => Fate::Refused,
    }
}

#[tokio::test]
async fn what_was_seen_stays() {
    for seed in 0..SEEDS {
        assert_eq!(fate(seed, Protection::All).await, Fate::Kept, "seed {seed}");
    }
}

#[tokio::test]
async fn what_was_seen_goes_when_the_log_is_not_synced_first() {
    let mut fates = Vec::new();
    for seed in 0..SEEDS {
        fates.push(fate(seed, Protection::NoLogSync).await);
    }
    let count = |fate| fates.iter().filter(|each| **each == fate).count();
    assert!(count(Fate::Lost) > 5 && count(Fate::Refused) > 5, "nobody noticed: {fates:?}");
}
