//! What a commit expects, of what is seen and of what is hidden.

use store::Store;
use store::commit::{Commit, Conflict, Expect};

use super::world::{World, commit, conflict, key, kind, nothing, with_all};

fn expects(expect: Vec<Expect>) -> Commit {
    Commit { expect, ..commit() }
}

#[tokio::test]
async fn what_is_hidden_is_expected_as_what_is_not_there() {
    let world = World::hospital().await;
    let gate = world.gate(world.own("1"));
    for hidden in ["Patient/2", "Practitioner/doc", "Patient/none"] {
        let key = key(hidden);
        assert_eq!(conflict(gate.commit(expects(vec![Expect::Exists(key.clone())])).await), Conflict::Missing(key.clone()));
        let known = conflict(gate.commit(expects(vec![Expect::Version(key.clone(), 1)])).await);
        assert_eq!(known, Conflict::Version { key: key.clone(), expected: 1, found: 0 });
        assert!(gate.commit(expects(vec![Expect::Version(key.clone(), 0)])).await.is_ok(), "{hidden}");
        assert!(gate.commit(expects(vec![Expect::Absent(key.clone())])).await.is_ok(), "{hidden}");
    }
}

#[tokio::test]
async fn what_is_seen_is_expected_as_it_is() {
    let world = World::hospital().await;
    let gate = world.gate(world.own("1"));
    let key = key("Patient/1");
    assert!(gate.commit(expects(vec![Expect::Exists(key.clone()), Expect::Version(key.clone(), 1)])).await.is_ok());
    assert_eq!(conflict(gate.commit(expects(vec![Expect::Absent(key.clone())])).await), Conflict::Exists(key.clone()));
    let wrong = conflict(gate.commit(expects(vec![Expect::Version(key.clone(), 3)])).await);
    assert_eq!(wrong, Conflict::Version { key, expected: 3, found: 1 });
}

#[tokio::test]
async fn criteria_match_what_is_seen() {
    let world = World::hospital().await;
    let gate = world.gate(world.own("1"));
    let family = |name: &str| world.filter("Patient", &format!("family={name}"));
    assert!(gate.commit(expects(vec![Expect::NoMatch(kind("Patient"), family("Family2"))])).await.is_ok());
    let there = conflict(gate.commit(expects(vec![Expect::NoMatch(kind("Patient"), family("Family1"))])).await);
    assert_eq!(there, Conflict::Matches { kind: kind("Patient"), found: vec![key("Patient/1")] });
    // Both are born in the eighties; one is seen.
    let born = || world.filter("Patient", "birthdate=gt1980-01-01");
    assert!(gate.commit(expects(vec![Expect::OnlyMatch(key("Patient/1"), born())])).await.is_ok());
    let hidden = conflict(gate.commit(expects(vec![Expect::OnlyMatch(key("Patient/2"), born())])).await);
    assert_eq!(hidden, Conflict::Matches { kind: kind("Patient"), found: vec![key("Patient/1")] });
}

#[tokio::test]
async fn criteria_of_types_that_are_refused_match_nothing() {
    let world = World::hospital().await;
    let gate = world.gate(nothing());
    let all = || store::query::Filter::everything();
    assert!(gate.commit(expects(vec![Expect::NoMatch(kind("Patient"), all())])).await.is_ok());
    let none = conflict(gate.commit(expects(vec![Expect::OnlyMatch(key("Patient/1"), all())])).await);
    assert_eq!(none, Conflict::Matches { kind: kind("Patient"), found: Vec::new() });
}

#[tokio::test]
async fn criteria_with_chains_follow_what_is_seen() {
    let world = World::hospital().await;
    let gate = world.gate(with_all(world.own("1"), "Observation"));
    let about = |name: &str| world.filter("Observation", &format!("subject:Patient.family={name}"));
    assert!(gate.commit(expects(vec![Expect::NoMatch(kind("Observation"), about("Family2"))])).await.is_ok());
    assert!(gate.commit(expects(vec![Expect::OnlyMatch(key("Observation/o1"), about("Family1"))])).await.is_ok());
}
