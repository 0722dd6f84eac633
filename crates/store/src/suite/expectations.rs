//! What a commit expects, and what happens when it is not so.

use crate::commit::{Commit, Conflict, Expect, NumberDraw};
use crate::query::Filter;

use super::sample::{TENANT, act, coded, has, key, kind, sample, token};
use super::world::World;

fn expecting(expect: Vec<Expect>) -> Commit {
    Commit { expect, ..act() }
}

pub(super) async fn version(world: World) {
    let expected = |version| expecting(vec![Expect::Version(key("Patient/1"), version)]);
    let conflict = |expected, found| Conflict::Version { key: key("Patient/1"), expected, found };
    world.commit(expected(0)).await;
    assert_eq!(world.refused(expected(1)).await, conflict(1, 0));
    world.put(vec![sample("Patient/1").put()]).await;
    world.commit(expected(1)).await;
    assert_eq!(world.refused(expected(0)).await, conflict(0, 1));
    world.delete("Patient/1").await;
    world.commit(expected(2)).await;
    assert_eq!(world.refused(expected(0)).await, conflict(0, 2));
}

pub(super) async fn existence(world: World) {
    let (exists, absent) = (|| expecting(vec![Expect::Exists(key("Patient/1"))]), || expecting(vec![Expect::Absent(key("Patient/1"))]));
    assert_eq!(world.refused(exists()).await, Conflict::Missing(key("Patient/1")));
    world.commit(absent()).await;
    world.put(vec![sample("Patient/1").put()]).await;
    world.commit(exists()).await;
    assert_eq!(world.refused(absent()).await, Conflict::Exists(key("Patient/1")));
    world.delete("Patient/1").await;
    assert_eq!(world.refused(exists()).await, Conflict::Missing(key("Patient/1")));
    world.commit(absent()).await;
}

pub(super) async fn matches(world: World) {
    let code = || has("code", coded("a"));
    let none = || expecting(vec![Expect::NoMatch(kind("Observation"), code())]);
    let only = |id: &str| expecting(vec![Expect::OnlyMatch(key(id), code())]);
    let found = |ids: &[&str]| Conflict::Matches { kind: kind("Observation"), found: ids.iter().map(|id| key(id)).collect() };
    world.commit(none()).await;
    assert_eq!(world.refused(only("Observation/1")).await, found(&[]));
    world.put(vec![sample("Observation/1").with("code", token("s", "a")).put()]).await;
    world.commit(only("Observation/1")).await;
    assert_eq!(world.refused(none()).await, found(&["Observation/1"]));
    assert_eq!(world.refused(only("Observation/2")).await, found(&["Observation/1"]));
    world.put(vec![sample("Observation/2").with("code", token("", "a")).put()]).await;
    world.put(vec![sample("Observation/3").with("code", token("", "a")).dated(-1).put()]).await;
    let first_two = found(&["Observation/3", "Observation/2"]);
    assert_eq!(world.refused(only("Observation/1")).await, first_two, "newest first, then the youngest");
}

pub(super) async fn are_judged_before_the_commit(world: World) {
    let put = vec![sample("Observation/1").with("code", token("s", "a")).put()];
    let expect = vec![Expect::Absent(key("Observation/1")), Expect::NoMatch(kind("Observation"), has("code", coded("a")))];
    world.commit(Commit { expect, put, ..act() }).await;
    let expect = vec![Expect::Exists(key("Observation/1"))];
    world.commit(Commit { expect, delete: vec![key("Observation/1")], ..act() }).await;
}

pub(super) async fn come_in_order(world: World) {
    let missing = |id: &str| Expect::Exists(key(id));
    let both = expecting(vec![missing("Patient/2"), missing("Patient/1")]);
    assert_eq!(world.refused(both).await, Conflict::Missing(key("Patient/2")));
    let twice = Commit { delete: vec![key("Patient/1"), key("Patient/1")], ..expecting(vec![missing("Patient/1")]) };
    assert_eq!(world.refused(twice).await, Conflict::Twice(key("Patient/1")));
    let audited = Commit { put: vec![sample("Patient/1").put()], audit: vec![sample("Patient/1").put()], ..act() };
    assert_eq!(world.refused(audited).await, Conflict::Twice(key("Patient/1")));
    let number = vec![NumberDraw { sequence: "mrn".into(), expect: Some(5) }];
    let late = Commit { number, finish: vec![1], ..expecting(vec![missing("Patient/1")]) };
    assert_eq!(world.refused(late).await, Conflict::Missing(key("Patient/1")));
}

pub(super) async fn nothing_happens_on_conflict(world: World) {
    let put = vec![sample("Observation/1").with("code", token("s", "a")).put()];
    let number = vec![NumberDraw { sequence: "mrn".into(), expect: None }];
    let commit = Commit { put, number, finish: vec![99], ..act() };
    assert_eq!(world.refused(commit).await, Conflict::Finished(99));
    assert_eq!(world.read("Observation/1").await, None);
    assert!(world.found(Filter::everything()).await.is_empty());
    assert_eq!(world.store().next_number(TENANT, "mrn").await, Ok(1));
    assert_eq!(world.store().changes(TENANT, 0, 10).await, Ok(vec![]));
    assert_eq!(world.put(vec![sample("Observation/1").put()]).await.sequence, 1);
}
