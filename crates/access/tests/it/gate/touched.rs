//! What was given out is noted, for the audit trail.

use std::sync::Arc;

use access::Touched;
use store::Store;
use store::query::{HistoryQuery, Scope};

use super::world::{TENANT, World, everything, key, nothing};

#[tokio::test]
async fn every_version_that_is_given_out_is_noted() {
    let world = World::hospital().await;
    let touched = Arc::new(Touched::default());
    let gate = world.gate(world.own("1")).noting(touched.clone());
    let taken = || touched.take().0.into_iter().map(|(key, version)| format!("{key}/{version}")).collect::<Vec<_>>();
    gate.read(TENANT, &key("Patient/1")).await.expect("a read");
    gate.read(TENANT, &key("Patient/2")).await.expect("a read");
    assert_eq!(taken(), ["Patient/1/1"]);
    gate.vread(TENANT, &key("Observation/o1"), 1).await.expect("a read");
    assert_eq!(taken(), ["Observation/o1/1"]);
    gate.search(&world.query("Condition", "_include=Condition:encounter")).await.expect("a search");
    assert_eq!(taken(), ["Condition/c1/1", "Encounter/e1/1"]);
    let scope = Scope::Instance(key("Encounter/e1"));
    let query = HistoryQuery { tenant: TENANT, scope, since: None, until: None, before: None, most_bytes: None, count: 10 };
    gate.history(&query).await.expect("a history");
    assert_eq!(taken(), ["Encounter/e1/1"]);
    gate.at(i64::MAX).read(TENANT, &key("Patient/1")).await.expect("a read");
    assert_eq!(taken(), ["Patient/1/1"]);
}

#[tokio::test]
async fn what_everybody_may_see_is_noted_too_and_what_is_hidden_is_not() {
    let world = World::hospital().await;
    let touched = Arc::new(Touched::default());
    let gate = world.gate(everything()).noting(touched.clone());
    gate.read(TENANT, &key("Patient/2")).await.expect("a read");
    gate.search(&world.query("Practitioner", "")).await.expect("a search");
    assert_eq!(touched.take(), (vec![(key("Patient/2"), 1), (key("Practitioner/doc"), 1)], false));
    let gate = world.gate(nothing()).noting(touched.clone());
    gate.read(TENANT, &key("Patient/2")).await.expect("a read");
    gate.search(&world.query("Practitioner", "")).await.expect("a search");
    assert_eq!(touched.take(), (Vec::new(), false));
}

#[tokio::test]
async fn the_list_is_bounded_and_says_so() {
    let world = World::hospital().await;
    let touched = Arc::new(Touched::default());
    let gate = world.gate(everything()).noting(touched.clone());
    for _ in 0..=access::gate::MAX_TOUCHED {
        gate.read(TENANT, &key("Patient/1")).await.expect("a read");
    }
    let (versions, is_cut) = touched.take();
    assert_eq!((versions.len(), is_cut), (access::gate::MAX_TOUCHED, true));
}
