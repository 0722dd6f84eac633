//! The state of a moment that is past: what was seen then, by whoever still may see it.

use access::Act;
use store::Store;
use store::commit::{Commit, CommitError};
use store::contract::ReadError;
use store::query::{HistoryQuery, Scope};

use super::world::{TENANT, World, commit, everything, found, key, nothing, observation, references, with_all, with_rule};

#[tokio::test]
async fn the_past_is_seen_as_it_was_by_whom_the_rules_let_see_it_now() {
    let world = World::hospital().await;
    let then = world.put(&observation("moved", "1", "final")).await.at;
    world.put(&observation("o1", "1", "amended")).await;
    world.put(&observation("moved", "2", "final")).await;
    let one = world.gate(world.own("1")).at(then);
    let version = one.read(TENANT, &key("Observation/o1")).await.expect("a read").expect("it was there");
    assert_eq!(version.version, 1);
    assert_eq!(one.read(TENANT, &key("Observation/moved")).await, Ok(None), "it is about somebody else now");
    assert_eq!(found(&one, world.query("Observation", "")).await, (vec!["Observation/o1".to_owned()], Some(1)));
    let two = world.gate(world.own("2")).at(then);
    assert_eq!(two.read(TENANT, &key("Observation/moved")).await, Ok(None), "it was about somebody else then");
    assert_eq!(found(&two, world.query("Observation", "")).await, (vec!["Observation/o2".to_owned()], Some(1)));
    assert_eq!(found(&world.gate(everything()).at(then), world.query("Observation", "")).await.1, Some(3));
}

#[tokio::test]
async fn what_is_deleted_now_was_there_for_whom_saw_it() {
    let world = World::hospital().await;
    let then = world.put(&observation("late", "1", "final")).await.at;
    world.delete("Observation/o1").await;
    world.delete("Observation/o2").await;
    let gate = world.gate(world.own("1")).at(then);
    assert!(gate.read(TENANT, &key("Observation/o1")).await.expect("a read").expect("it was there").text().is_some());
    assert_eq!(gate.read(TENANT, &key("Observation/o2")).await, Ok(None));
    let (seen, total) = found(&gate, world.query("Observation", "")).await;
    assert_eq!((seen, total), (vec!["Observation/late".to_owned(), "Observation/o1".to_owned()], Some(2)));
    let before = world.gate(world.own("1")).at(super::world::START - 1);
    assert_eq!(before.read(TENANT, &key("Observation/o1")).await, Ok(None));
    assert_eq!(found(&before, world.query("Observation", "")).await.1, Some(0));
}

#[tokio::test]
async fn chains_and_includes_of_the_past_lead_to_what_is_seen_now() {
    let world = World::hospital().await;
    let then = world.put(&observation("late", "2", "final")).await.at;
    let gate = world.gate(with_all(world.own("1"), "Observation")).at(then);
    assert_eq!(found(&gate, world.query("Observation", "")).await.1, Some(3));
    assert_eq!(found(&gate, world.query("Observation", "subject:Patient.family=Family1")).await.1, Some(1));
    assert_eq!(found(&gate, world.query("Observation", "subject:Patient.family=Family2")).await.1, Some(0));
    let answer = gate.search(&world.query("Observation", "_include=Observation:subject")).await.expect("a search");
    assert_eq!(references(&answer.included), ["Patient/1"]);
    let iterating = world.query("Observation", "_include=Observation:subject&_include:iterate=Patient:general-practitioner");
    assert!(matches!(gate.search(&iterating).await, Err(ReadError::TooCostly(_))));
    // A query may name the moment itself.
    let now = world.gate(with_all(world.own("1"), "Observation"));
    let mut asked = world.query("Observation", "subject:Patient.family=Family2");
    asked.as_of = Some(then);
    assert_eq!(found(&now, asked).await.1, Some(0));
}

#[tokio::test]
async fn a_chain_into_the_past_leads_to_nothing_that_is_hidden_now() {
    let world = World::empty();
    let patient = |active: bool| format!(r#"{{"resourceType":"Patient","id":"p","active":{active},"name":[{{"family":"Gone"}}]}}"#);
    world.put(&patient(true)).await;
    let then = world.put(&observation("o", "p", "final")).await.at;
    let active = world.filter("Patient", "active=true");
    let grant = || with_rule(with_all(nothing(), "Observation"), "Patient", Act::Search, active.clone());
    let chained = || world.query("Observation", "subject:Patient.family=Gone");
    assert_eq!(found(&world.gate(grant()).at(then), chained()).await.1, Some(1));
    world.put(&patient(false)).await;
    assert_eq!(found(&world.gate(grant()).at(then), chained()).await.1, Some(0));
}

#[tokio::test]
async fn what_is_brought_along_from_the_past_was_seen_then_and_is_now() {
    let world = World::empty();
    let patient = |active: bool| format!(r#"{{"resourceType":"Patient","id":"p","active":{active}}}"#);
    let active = world.filter("Patient", "active=true");
    let grant = || with_rule(with_all(nothing(), "Observation"), "Patient", Act::Search, active.clone());
    let query = world.query("Observation", "_include=Observation:subject");
    let mut moments = Vec::new();
    for is_active in [false, true] {
        world.put(&patient(is_active)).await;
        moments.push(world.put(&observation("o", "p", "final")).await.at);
    }
    let brought = async |moment: usize| {
        let answer = world.gate(grant()).at(moments[moment]).search(&query).await.expect("a search");
        references(&answer.included)
    };
    assert_eq!((brought(0).await, brought(1).await), (vec![], vec!["Patient/p".to_owned()]));
    world.put(&patient(false)).await;
    assert_eq!((brought(0).await, brought(1).await), (vec![], vec![]));
}

#[tokio::test]
async fn histories_and_versions_end_at_the_moment() {
    let world = World::hospital().await;
    let then = world.put(&observation("late", "1", "final")).await.at;
    world.put(&observation("o1", "1", "amended")).await;
    let gate = world.gate(world.own("1")).at(then);
    assert_eq!(gate.vread(TENANT, &key("Observation/o1"), 2).await, Ok(None));
    assert!(gate.vread(TENANT, &key("Observation/o1"), 1).await.expect("a read").is_some());
    let scope = Scope::Instance(key("Observation/o1"));
    let query = HistoryQuery { tenant: TENANT, scope, since: None, until: None, before: None, most_bytes: None, count: 10 };
    assert_eq!(gate.history(&query).await.expect("a history").total, 1);
}

#[tokio::test]
async fn nothing_is_written_into_the_past() {
    let world = World::hospital().await;
    let gate = world.gate(everything()).at(super::world::START);
    let put = vec![world.ready(&observation("new", "1", "final"))];
    assert!(matches!(gate.commit(Commit { put, ..commit() }).await, Err(CommitError::Engine(_))));
    assert!(world.store.read(TENANT, &key("Observation/new")).await.expect("a read").is_none());
}
