//! Puts: create and update by what is there, judged by the old version and by the new one.

use access::{Act, Verdict};
use store::Store;
use store::commit::{Commit, CommitError, Conflict, Event, Expect, Put, Tenant};

use super::world::{TENANT, World, commit, conflict, everything, forbidden, key, kind, nothing, observation, with_all, with_rule};

fn puts(put: Vec<Put>) -> Commit {
    Commit { put, ..commit() }
}

#[tokio::test]
async fn nothing_is_written_without_a_rule() {
    let world = World::hospital().await;
    let gate = world.gate(nothing());
    let put = world.ready(&observation("new", "1", "final"));
    assert_eq!(conflict(gate.commit(puts(vec![put.clone()])).await), Conflict::Missing(key("Observation/new")));
    gate.mint(&key("Observation/new"));
    assert!(forbidden(gate.commit(puts(vec![put])).await).contains("create Observation"));
    let over = world.ready(&observation("o1", "1", "amended"));
    assert_eq!(conflict(gate.commit(puts(vec![over])).await), Conflict::Missing(key("Observation/o1")));
    assert_eq!(world.store.read(TENANT, &key("Observation/o1")).await.expect("a read").expect("there").version, 1);
}

#[tokio::test]
async fn everything_is_written_as_it_is() {
    let world = World::hospital().await;
    let gate = world.gate(everything());
    let put = vec![world.ready(&observation("new", "1", "final")), world.ready(&observation("o2", "2", "amended"))];
    let committed = gate.commit(Commit { delete: vec![key("Condition/c1")], ..puts(put) }).await.expect("it is written");
    assert_eq!((committed.versions, committed.created), (vec![1, 2, 2], vec![true, false, false]));
}

#[tokio::test]
async fn a_create_is_judged_by_what_it_makes() {
    let world = World::hospital().await;
    let gate = world.gate(world.own("1"));
    for (id, patient, is_allowed) in [("mine", "1", true), ("theirs", "2", false)] {
        let put = world.ready(&observation(id, patient, "final"));
        gate.mint(&put.key);
        let answer = gate.commit(puts(vec![put.clone()])).await;
        match is_allowed {
            true => assert!(answer.expect("it is written").created[0]),
            false => assert!(forbidden(answer).contains("create")),
        }
        assert_eq!(world.store.read(TENANT, &put.key).await.expect("a read").is_some(), is_allowed);
    }
}

#[tokio::test]
async fn an_update_is_judged_by_what_was_and_what_will_be() {
    let world = World::hospital().await;
    let gate = world.gate(world.own("1"));
    let own = world.ready(&observation("o1", "1", "amended"));
    assert_eq!(gate.commit(puts(vec![own])).await.expect("it is written").versions, [2]);
    let given_away = world.ready(&observation("o1", "2", "amended"));
    assert!(forbidden(gate.commit(puts(vec![given_away])).await).contains("update"));
    let taken = world.ready(&observation("o2", "1", "amended"));
    assert_eq!(conflict(gate.commit(puts(vec![taken])).await), Conflict::Missing(key("Observation/o2")));
    assert_eq!(world.store.read(TENANT, &key("Observation/o2")).await.expect("a read").expect("there").version, 1);
}

#[tokio::test]
async fn what_is_seen_and_must_not_be_changed_is_forbidden() {
    let world = World::hospital().await;
    let reading = nothing().with(kind("Observation"), Act::Read, Verdict::Allowed);
    let put = || world.ready(&observation("o1", "1", "amended"));
    assert!(forbidden(world.gate(reading).commit(puts(vec![put()])).await).contains("no rule"));
    let reading = nothing().with(kind("Observation"), Act::Read, Verdict::Allowed);
    let some = with_rule(reading, "Observation", Act::Update, world.filter("Observation", "subject=Patient/2"));
    assert!(forbidden(world.gate(some).commit(puts(vec![put()])).await).contains("do not hold"));
}

#[tokio::test]
async fn whoever_sees_a_part_chooses_no_ids() {
    let world = World::hospital().await;
    let gate = world.gate(world.own("1"));
    // There or not: the answer is the same.
    for id in ["o2", "unknown"] {
        let put = world.ready(&observation(id, "1", "final"));
        assert_eq!(conflict(gate.commit(puts(vec![put.clone()])).await), Conflict::Missing(put.key.clone()), "{id}");
        let absent = Commit { expect: vec![Expect::Absent(put.key.clone())], ..puts(vec![put.clone()]) };
        assert_eq!(conflict(gate.commit(absent).await), Conflict::Missing(put.key), "{id}");
    }
    // Who sees all may.
    let gate = world.gate(with_all(nothing(), "Observation"));
    assert!(gate.commit(puts(vec![world.ready(&observation("chosen", "1", "final"))])).await.is_ok());
    // A rule on what is created is enough.
    let part = with_rule(with_all(nothing(), "Observation"), "Observation", Act::Create, world.filter("Observation", "status=final"));
    let put = world.ready(&observation("another", "1", "final"));
    assert_eq!(conflict(world.gate(part).commit(puts(vec![put.clone()])).await), Conflict::Missing(put.key));
}

#[tokio::test]
async fn what_was_deleted_comes_back_for_whom_saw_it() {
    let world = World::hospital().await;
    world.delete("Observation/o1").await;
    world.delete("Observation/o2").await;
    let gate = world.gate(world.own("1"));
    let again = world.ready(&observation("o1", "1", "final"));
    assert_eq!(gate.commit(puts(vec![again])).await.expect("it is written").created, [true]);
    let hidden = world.ready(&observation("o2", "1", "final"));
    assert_eq!(conflict(gate.commit(puts(vec![hidden.clone()])).await), Conflict::Missing(hidden.key));
}

#[tokio::test]
async fn chains_of_a_rule_see_the_commit_itself() {
    let world = World::hospital().await;
    let rule = world.filter("Observation", "subject:Patient.family=Newborn");
    let grant = with_rule(with_all(nothing(), "Patient"), "Observation", Act::Create, rule);
    let gate = world.gate(grant);
    let mother = world.ready(r#"{"resourceType":"Patient","id":"baby","name":[{"family":"Newborn"}]}"#);
    let about = world.ready(&observation("first", "baby", "final"));
    gate.mint(&about.key);
    assert!(forbidden(gate.commit(puts(vec![about.clone()])).await).contains("create"), "nobody of this name is there");
    assert!(gate.commit(puts(vec![mother, about])).await.is_ok());
    // And what it takes away.
    let rule = world.filter("Observation", "subject:Patient.family=Family1");
    let gate = world.gate(with_rule(with_all(nothing(), "Patient"), "Observation", Act::Create, rule));
    let about = world.ready(&observation("last", "1", "final"));
    gate.mint(&about.key);
    let renamed = world.ready(r#"{"resourceType":"Patient","id":"1","name":[{"family":"Other"}]}"#);
    assert!(forbidden(gate.commit(puts(vec![renamed, about])).await).contains("create"));
}

#[tokio::test]
async fn has_of_a_rule_sees_the_commit_itself() {
    let world = World::hospital().await;
    let rule = world.filter("Patient", "_has:Observation:subject:status=registered");
    let grant = with_rule(with_all(nothing(), "Observation"), "Patient", Act::Create, rule);
    let gate = world.gate(grant);
    let patient = world.ready(r#"{"resourceType":"Patient","id":"new","name":[{"family":"New"}]}"#);
    gate.mint(&patient.key);
    assert!(forbidden(gate.commit(puts(vec![patient.clone()])).await).contains("create"));
    let about = world.ready(&observation("new", "new", "registered"));
    assert!(gate.commit(puts(vec![patient, about])).await.is_ok());
}

#[tokio::test]
async fn what_the_server_brings_along_passes() {
    let world = World::hospital().await;
    let gate = world.gate(world.own("1"));
    let put = world.ready(&observation("o1", "1", "amended"));
    let audit = world.ready(r#"{"resourceType":"AuditEvent","id":"audit"}"#);
    let event = Event { topic: "observation.changed".to_owned(), payload: "{}".into() };
    let committed = gate.commit(Commit { audit: vec![audit], event: vec![event], ..puts(vec![put]) }).await.expect("it is written");
    assert_eq!(committed.versions, [2, 1]);
    assert_eq!(gate.read(TENANT, &key("AuditEvent/audit")).await, Ok(None));
    assert!(world.store.read(TENANT, &key("AuditEvent/audit")).await.expect("a read").is_some());
}

#[tokio::test]
async fn the_data_of_another_tenant_is_not_written() {
    let world = World::hospital().await;
    let put = vec![world.ready(&observation("new", "1", "final"))];
    let other = Commit { tenant: Tenant(2), ..puts(put) };
    assert!(matches!(world.gate(everything()).commit(other).await, Err(CommitError::Forbidden(_))));
}

#[tokio::test]
async fn nothing_is_told_in_the_trail_of_another_tenant() {
    let world = World::hospital().await;
    let told = world.ready(r#"{"resourceType":"AuditEvent","id":"told"}"#);
    let put = vec![world.ready(&observation("new", "1", "final"))];
    let commit = Commit { trails: vec![(Tenant(2), vec![told])], ..puts(put) };
    for grant in [world.own("1"), everything()] {
        let refused = world.gate(grant).commit(commit.clone()).await;
        assert!(matches!(refused, Err(CommitError::Forbidden(_))), "{refused:?}");
    }
    assert_eq!(world.store.read(TENANT, &key("Observation/new")).await, Ok(None));
}
