//! The cases that every engine passes.

use std::sync::Arc;

use store::Store;
use store::contract::{Clock, Pending};
use store::suite::{self, Harness, synthetic::SyntheticExtract};
use store_embedded::{Embedded, Options};
use tempfile::TempDir;

use crate::body_seal::body_seal;

/// A data directory of its own, gone when it is dropped.
struct Place(TempDir);

impl Place {
    fn fresh() -> Box<dyn Harness> {
        Box::new(Place(tempfile::tempdir().expect("a folder")))
    }
}

impl Harness for Place {
    fn open(&mut self, clock: Arc<dyn Clock>) -> Pending<'_, Arc<dyn Store>> {
        let options = Options::new(self.0.path(), Arc::new(SyntheticExtract), clock);
        Box::pin(async { Arc::new(Embedded::open(options).expect("a store that opens")) as Arc<dyn Store> })
    }
}

/// The same with sealed bodies.
struct SealedPlace(TempDir);

impl SealedPlace {
    fn fresh() -> Box<dyn Harness> {
        Box::new(SealedPlace(tempfile::tempdir().expect("a folder")))
    }
}

impl Harness for SealedPlace {
    fn open(&mut self, clock: Arc<dyn Clock>) -> Pending<'_, Arc<dyn Store>> {
        let body_seal = Some(body_seal(&self.0.path().join("keys")));
        let options = Options { body_seal, ..Options::new(self.0.path(), Arc::new(SyntheticExtract), clock) };
        Box::pin(async { Arc::new(Embedded::open(options).expect("a store that opens")) as Arc<dyn Store> })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn contract_with_sealed_bodies() {
    suite::run(SealedPlace::fresh).await;
}

#[tokio::test]
async fn random_operations_with_sealed_bodies() {
    let report = suite::random::compare(SealedPlace::fresh, 0..5).await;
    println!("{report:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn contract() {
    suite::run(Place::fresh).await;
}

#[tokio::test]
async fn random_operations_as_the_reference_engine() {
    let report = suite::random::compare(Place::fresh, 0..20).await;
    println!("{report:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn makes_linearizable_histories() {
    let report = suite::histories::run(Place::fresh(), 20_261_121, suite::histories::operations(10_000)).await;
    println!("{report:?}");
    assert!(report.calls >= 9_900 && report.commits > 1_000 && report.refused > 500, "{report:?}");
}
