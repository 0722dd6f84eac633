//! The change feed.

use store::Store;
use store::commit::{Commit, Event};
use store::query::Change;

use super::world::{TENANT, World, commit, everything, nothing, observation};

fn told(changes: &[Change]) -> Vec<String> {
    changes.iter().flat_map(|change| &change.versions).map(|(key, version, _)| format!("{key}/{version}")).collect()
}

#[tokio::test]
async fn commits_are_told_as_far_as_they_are_seen() {
    let world = World::empty();
    world.put(r#"{"resourceType":"Patient","id":"1"}"#).await;
    world.put(r#"{"resourceType":"Patient","id":"2"}"#).await;
    let both = vec![world.ready(&observation("o2", "2", "final")), world.ready(&observation("o1", "1", "final"))];
    let event = Event { topic: "secret".to_owned(), payload: "of Patient/2".into() };
    world.store.commit(Commit { put: both, event: vec![event], ..commit() }).await.expect("it is written");
    world.put(&observation("moved", "1", "final")).await;
    world.put(&observation("moved", "2", "final")).await;
    // What was another's before is told from when it is one's own.
    world.put(&observation("came", "2", "final")).await;
    world.put(&observation("came", "1", "final")).await;
    let changes = world.gate(world.own("1")).changes(TENANT, 0, 100).await.expect("changes");
    assert_eq!(told(&changes), ["Patient/1/1", "Observation/o1/1", "Observation/came/2"]);
    assert!(changes.iter().all(|change| change.events.is_empty()));
    assert_eq!(world.gate(nothing()).changes(TENANT, 0, 100).await, Ok(Vec::new()));
    assert_eq!(world.gate(everything()).changes(TENANT, 0, 100).await, world.store.changes(TENANT, 0, 100).await);
}

#[tokio::test]
async fn what_comes_after_many_hidden_commits_is_found() {
    let world = World::empty();
    for number in 0..30 {
        world.put(&observation(&format!("o{number}"), "2", "final")).await;
    }
    world.put(&observation("mine", "1", "final")).await;
    let gate = world.gate(world.own("1"));
    let changes = gate.changes(TENANT, 0, 7).await.expect("changes");
    assert_eq!(told(&changes), ["Observation/mine/1"]);
    assert_eq!(gate.changes(TENANT, 31, 7).await, Ok(Vec::new()));
}
