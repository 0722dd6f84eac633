//! Every call of a scenario fails in its turn: nothing acknowledged is lost, and nothing is acknowledged after a sync that has failed.

use std::collections::BTreeMap;
use std::sync::Arc;

use disk::faults::Kind;
use store::commit::{Commit, Erase, Extent};
use store::suite::ManualClock;
use store::{CommitError, Store};
use store_embedded::Embedded;

use super::acts::{nothing_is_lost, step};
use crate::fixture::{NOW, key, writes};
use crate::machine::{IndexFate, Machine, Protection};

/// How many commits the scenario has.
const COMMITS: u64 = 24;

/// After how many pages the log is written back, so that the scenario does it a few times.
const CHECKPOINT_PAGES: u32 = 40;

/// What became of a scenario.
#[derive(Default)]
struct Outcome {
    acknowledged: BTreeMap<String, u64>,
    /// How many were acknowledged after the call had failed.
    after: u64,
    /// Whether the call has failed, before the process ended.
    has_failed: bool,
    was_fatal: bool,
    /// Whether the store could not be opened.
    was_refused: bool,
}

/// Opens a store and writes, until something fails.
async fn scenario(machine: &Machine) -> Outcome {
    let mut outcome = Outcome::default();
    let Ok(store) = Embedded::open(machine.options(Arc::new(ManualClock::new(NOW)))) else {
        return Outcome { was_refused: true, ..outcome };
    };
    for number in 0..COMMITS {
        let id = format!("n{}", number / 2);
        match store.commit(step(&id, number)).await {
            Ok(committed) => {
                outcome.acknowledged.insert(id, committed.versions[0]);
                outcome.after += u64::from(machine.faults.has_failed());
            }
            Err(CommitError::Closed | CommitError::Engine(_)) => {}
            Err(e) => panic!("{e:?}"),
        }
    }
    // What is read is right, or an error.
    for (id, version) in &outcome.acknowledged {
        if let Ok(found) = store.read(crate::fixture::TENANT, &key(id)).await {
            assert!(found.is_some_and(|found| found.version >= *version), "{id}");
        }
    }
    outcome.has_failed = machine.faults.has_failed();
    machine.stop(IndexFate::Kept, || drop(store));
    outcome.was_fatal = machine.was_fatal();
    outcome
}

/// How many calls of each kind the scenario makes, before the store is closed.
async fn calls() -> BTreeMap<Kind, u64> {
    let machine = Machine::new(Protection::All, CHECKPOINT_PAGES);
    let outcome = scenario(&machine).await;
    assert_eq!(outcome.acknowledged.len() as u64, COMMITS / 2);
    [Kind::Read, Kind::Write, Kind::Sync, Kind::Truncate].into_iter().map(|kind| (kind, machine.faults.count(kind))).collect()
}

async fn fails(kind: Kind) {
    let count = calls().await[&kind];
    let mut fatal = 0;
    for nth in 0..count {
        println!("{kind:?} {nth} of {count} fails");
        let machine = Machine::new(Protection::All, CHECKPOINT_PAGES);
        machine.faults.fail(kind, nth);
        let outcome = scenario(&machine).await;
        fatal += u64::from(outcome.was_fatal);
        if kind == Kind::Sync {
            let noticed = outcome.was_fatal || outcome.was_refused || !outcome.has_failed;
            assert!(noticed, "a sync has failed, and the store goes on");
            assert_eq!(outcome.after, 0, "commits were acknowledged after a sync had failed");
        }
        machine.start(Some(nth * 2));
        let store = Embedded::open(machine.options(Arc::new(ManualClock::new(NOW)))).expect("a store that opens");
        nothing_is_lost(&store, &outcome.acknowledged).await;
        store.commit(step("more", 1)).await.expect("a commit");
    }
    println!("{kind:?}: {count} calls, {fatal} ended the process");
    assert!(kind == Kind::Read || kind == Kind::Truncate || fatal > 5, "only {fatal} ended the process");
}

#[tokio::test]
async fn reads() {
    fails(Kind::Read).await;
}

#[tokio::test]
async fn writing() {
    fails(Kind::Write).await;
}

#[tokio::test]
async fn syncs() {
    fails(Kind::Sync).await;
}

#[tokio::test]
async fn truncations() {
    fails(Kind::Truncate).await;
}

/// An erase writes the log back at once: a sync that fails there is no less the end.
#[tokio::test]
async fn syncs_of_an_erase() {
    let erase = Commit { erase: vec![Erase { key: key("n1"), extent: Extent::All }], ..writes(Vec::new()) };
    let mut ended = 0;
    for nth in 0..6 {
        let machine = Machine::new(Protection::All, 10_000);
        let store = Embedded::open(machine.options(Arc::new(ManualClock::new(NOW)))).expect("a store");
        store.commit(step("n1", 1)).await.expect("a commit");
        machine.faults.fail(Kind::Sync, nth);
        let answer = store.commit(erase.clone()).await;
        let has_failed = machine.faults.has_failed();
        machine.stop(IndexFate::Kept, || drop(store));
        assert_eq!(has_failed, machine.was_fatal(), "sync {nth}: {answer:?}");
        assert!(answer.is_err() || !has_failed, "sync {nth} has failed, and the erase is acknowledged");
        ended += u64::from(answer.is_err());
    }
    assert!(ended >= 2, "only {ended} ended the process");
}
