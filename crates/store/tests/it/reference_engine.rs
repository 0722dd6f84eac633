//! The reference engine under the suite of its own contract.

use std::sync::Arc;

use store::Store;
use store::contract::{Clock, Pending};
use store::memory::MemoryStore;
use store::suite::{self, Harness};

/// A store in memory does not outlive its harness, so that opening it again hands out the same one.
#[derive(Default)]
struct InMemory(Option<Arc<MemoryStore>>);

impl Harness for InMemory {
    fn open(&mut self, clock: Arc<dyn Clock>) -> Pending<'_, Arc<dyn Store>> {
        let store: Arc<dyn Store> = self.0.get_or_insert_with(|| Arc::new(MemoryStore::new(clock))).clone();
        Box::pin(std::future::ready(store))
    }
}

#[tokio::test]
async fn passes_the_suite() {
    suite::run(|| Box::new(InMemory::default())).await;
}

#[tokio::test]
async fn agrees_with_itself_about_everything_that_can_happen() {
    let report = suite::random::compare(|| Box::new(InMemory::default()), 0..25).await;
    let reached = [
        "commit",
        "erase",
        "search",
        "found",
        "found in the past",
        "asked again",
        "found again",
        "page",
        "page before",
        "several types",
        "included",
        "restart",
        "history",
        "job taken",
        "Version",
        "Missing",
        "Exists",
        "Matches",
        "Twice",
        "Claimed",
        "BadClaim",
        "Overdrawn",
        "Unbalanced",
        "Number",
        "Finished",
    ];
    for what in reached {
        assert!(report.count(what) > 20, "{what} hardly ever took place: {report:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn makes_linearizable_histories() {
    let report = suite::histories::run(Box::new(InMemory::default()), 20_261_121, suite::histories::operations(10_000)).await;
    println!("{report:?}");
    assert!(report.calls >= 9_900 && report.commits > 1_000 && report.refused > 500, "{report:?}");
}
