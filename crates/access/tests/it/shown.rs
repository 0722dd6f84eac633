//! What a rule has let pass is remembered by its text, and not a moment longer than it is true.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use access::{Gate, Principal};
use store::commit::{Commit, Erase, Extent};
use store::contract::{Pending, ReadError};
use store::query::{Answer, Query};
use store::{Layer, Store};

use crate::world::{NOW, TENANT, World, key};

/// Final observations.
const FINAL: &str = r#"{"name": "r", "types": ["Observation"], "acts": ["read"], "criteria": "status=final", "clearance": "V"}"#;

/// Observations of men.
const OF_MEN: &str = r#"{"name": "r", "types": ["Observation"], "acts": ["read"], "criteria": "patient.gender=male", "clearance": "V"}"#;

fn observation(status: &str) -> String {
    format!(r#"{{"resourceType":"Observation","id":"o","status":"{status}","code":{{"text":"c"}},"subject":{{"reference":"Patient/p"}}}}"#)
}

/// Reads the observation as somebody; whether it was seen, and how many searches that took.
async fn reads(world: &World, who: &Arc<Principal>) -> (bool, usize) {
    let grant = world.access.grant(who, NOW).await.expect("a grant");
    let counting = Arc::new(Counting { store: world.store.clone(), searches: AtomicUsize::new(0) });
    let gate = Gate::new(counting.clone(), world.parameters.clone(), grant);
    let found = gate.read(TENANT, &key("Observation/o")).await.expect("a read");
    (found.is_some_and(|version| version.text().is_some()), counting.searches.load(Ordering::Relaxed))
}

async fn world(rules: &str) -> (World, Arc<Principal>) {
    let world = World::new();
    world.put(&[r#"{"resourceType":"Patient","id":"p","gender":"male"}"#, &observation("final")]).await;
    let who = Arc::new(world.rules(rules));
    (world, who)
}

#[tokio::test]
async fn what_has_passed_is_not_searched_for_again() {
    let (world, who) = world(FINAL).await;
    assert_eq!(reads(&world, &who).await, (true, 1));
    assert_eq!(reads(&world, &who).await, (true, 0));
}

#[tokio::test]
async fn what_has_changed_is_judged_anew() {
    let (world, who) = world(FINAL).await;
    for _ in 0..2 {
        assert!(reads(&world, &who).await.0);
    }
    world.put(&[&observation("preliminary")]).await;
    assert!(!reads(&world, &who).await.0, "its new text does not pass");
    world.put(&[&observation("final")]).await;
    assert_eq!(reads(&world, &who).await, (true, 1), "another version is another text");
}

#[tokio::test]
async fn what_was_erased_and_written_anew_is_judged_anew() {
    let (world, who) = world(FINAL).await;
    for _ in 0..2 {
        assert!(reads(&world, &who).await.0);
    }
    let mut commit = Commit::new(TENANT, "test", "erase");
    commit.erase.push(Erase { key: key("Observation/o"), extent: Extent::All });
    world.store.commit(commit).await.expect("it is erased");
    assert!(!reads(&world, &who).await.0);
    world.put(&[&observation("preliminary")]).await;
    assert!(!reads(&world, &who).await.0, "it has the old id, and perhaps the old number");
}

#[tokio::test]
async fn a_rule_about_other_resources_is_asked_each_time() {
    let (world, who) = world(OF_MEN).await;
    assert_eq!(reads(&world, &who).await, (true, 1));
    assert_eq!(reads(&world, &who).await, (true, 1));
    world.put(&[r#"{"resourceType":"Patient","id":"p","gender":"female"}"#]).await;
    assert!(!reads(&world, &who).await.0, "the observation is as it was, and the patient is not");
}

#[tokio::test]
async fn what_passed_under_one_grant_says_nothing_under_another() {
    let (world, who) = world(FINAL).await;
    for _ in 0..2 {
        assert!(reads(&world, &who).await.0);
    }
    world.access.put_user(TENANT, "u", vec![crate::world::policy(&FINAL.replace("final", "amended"))]);
    assert!(!reads(&world, &who).await.0, "the rules are others");
    world.access.put_user(TENANT, "u", Vec::new());
    assert!(!reads(&world, &who).await.0, "there are no rules");
}

/// A store that counts searches.
struct Counting {
    store: Arc<dyn Store>,
    searches: AtomicUsize,
}

impl Layer for Counting {
    fn behind(&self) -> &dyn Store {
        &*self.store
    }

    fn search<'a>(&'a self, query: &'a Query) -> Pending<'a, Result<Answer, ReadError>> {
        self.searches.fetch_add(1, Ordering::Relaxed);
        self.store.search(query)
    }
}
