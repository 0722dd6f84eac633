//! What a commit expects, of what is seen and of what is hidden.

use std::sync::Arc;

use access::grant::{Act, Verdict};
use access::{Grant, Principal};
use store::Store;
use store::commit::{Commit, Conflict, Expect};

use super::world::{World, commit, conflict, key, kind, nothing, observation, principal, with_all};

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
async fn whoever_may_update_what_they_may_not_read_can() {
    let world = World::hospital().await;
    let updating = || nothing().with(kind("Observation"), Act::Update, Verdict::Allowed);
    let (text, there) = (observation("of-1", "1", "final"), key("Observation/of-1"));
    world.put(&text).await;
    let put = |expect| Commit { put: vec![world.ready(&text)], ..expects(vec![expect]) };
    assert!(world.gate(updating()).commit(put(Expect::Exists(there.clone()))).await.is_ok());
    assert!(world.gate(updating()).commit(put(Expect::Version(there.clone(), 2))).await.is_ok());
    let unasked = conflict(world.gate(updating()).commit(expects(vec![Expect::Exists(there.clone())])).await);
    assert_eq!(unasked, Conflict::Missing(there.clone()), "what is not updated is not told of");
    let hidden = conflict(world.gate(nothing()).commit(put(Expect::Exists(there.clone()))).await);
    assert_eq!(hidden, Conflict::Missing(there), "nor what may not be updated");
}

#[tokio::test]
async fn what_a_launch_has_told_of_can_be_referred_to() {
    let world = World::hospital().await;
    let principal = Principal { patient: Some("1".into()), fhir_user: Some(key("Practitioner/doc")), ..(*principal()).clone() };
    let gate = world.gate(Grant::nothing(Arc::new(principal)));
    for told in ["Patient/1", "Practitioner/doc"] {
        assert!(gate.commit(expects(vec![Expect::Exists(key(told))])).await.is_ok(), "{told}");
        let version = conflict(gate.commit(expects(vec![Expect::Version(key(told), 1)])).await);
        assert_eq!(version, Conflict::Version { key: key(told), expected: 1, found: 0 }, "that they are there, and no more");
    }
    let other = conflict(gate.commit(expects(vec![Expect::Exists(key("Patient/2"))])).await);
    assert_eq!(other, Conflict::Missing(key("Patient/2")));
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
