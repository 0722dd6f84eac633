//! What a commit does is told in the same commit.

use std::collections::HashMap;
use std::sync::Arc;

use audit::{Audited, Happening, Interaction, What};
use fhir::Value;
use store::commit::{Commit, CommitError, Erase, Expect, Extent};
use store::contract::Store;

use crate::sample::{TENANT, at, audit_events, entity, key, observation, patient, put, read, scribe, store, write};

fn of(what: Interaction) -> Happening {
    Happening { what: What::Rest(what), ..read(vec![]) }
}

/// Subtype, patient and resource of each event.
fn told(events: &[Value]) -> Vec<(String, String, String)> {
    let reference = |event: &Value, role: &str| {
        let found = event.list("entity").find(|entity| entity.get("role").and_then(|of| of.text("code")) == Some(role));
        found.map_or_else(String::new, |entity| at(entity, "what.reference").to_owned())
    };
    events.iter().map(|event| (at(event, "subtype.0.code").to_owned(), reference(event, "1"), reference(event, "4"))).collect()
}

async fn told_of(store: &dyn Store) -> Vec<(String, String, String)> {
    told(&audit_events(store, TENANT).await)
}

fn told_as(interaction: &str, patient: &str, resource: &str) -> (String, String, String) {
    (interaction.to_owned(), patient.to_owned(), resource.to_owned())
}

#[tokio::test]
async fn creates_updates_and_deletes_are_told_to_each_patient() {
    let store = store();
    write(
        &*store,
        vec![patient("p1", "Ada"), observation("o1", "p1"), observation("o2", "p2"), put(r#"{"resourceType":"Location","id":"l"}"#)],
    )
    .await;
    let mut commit = Commit::new(TENANT, "Practitioner/ada", "transaction");
    commit.put = vec![patient("new", "Eve"), observation("o1", "p9")];
    commit.delete = vec![key("Observation/o2"), key("Location/l"), key("Observation/never")];
    commit.expect = vec![Expect::Version(key("Observation/o1"), 1)];
    let mut before = HashMap::new();
    for name in ["Observation/o1", "Observation/o2", "Location/l"] {
        before.insert(key(name), store.read(TENANT, &key(name)).await.unwrap().unwrap());
    }
    scribe().tell(&mut commit, &of(Interaction::Transaction), &before);
    store.commit(commit).await.unwrap();
    let expected = [
        told_as("create", "Patient/new", "Patient/new"),
        told_as("update", "Patient/p1", "Observation/o1/_history/2"),
        told_as("update", "Patient/p9", "Observation/o1/_history/2"),
        told_as("delete", "Patient/p2", "Observation/o2"),
        told_as("delete", "", "Location/l"),
        told_as("delete", "", "Observation/never"),
    ];
    assert_eq!(told(&audit_events(&*store, TENANT).await), expected);
}

#[tokio::test]
async fn a_commit_that_is_refused_is_not_told() {
    let store = store();
    let mut commit = Commit::new(TENANT, "Practitioner/ada", "update");
    commit.put = vec![patient("p1", "Ada")];
    commit.expect = vec![Expect::Version(key("Patient/p1"), 7)];
    scribe().tell(&mut commit, &of(Interaction::Update), &HashMap::new());
    assert_eq!(commit.audit.len(), 1);
    assert!(matches!(store.commit(commit).await, Err(CommitError::Conflict(_))));
    assert!(audit_events(&*store, TENANT).await.is_empty());
}

#[tokio::test]
async fn a_store_that_tells_of_itself_answers_as_before() {
    let (plain, told) = (store(), store());
    let audited = Audited::new(told.clone(), scribe(), Arc::new(of(Interaction::Transaction)));
    for store in [&*plain as &dyn Store, &audited] {
        write(store, vec![patient("p1", "Ada"), observation("o1", "p1"), observation("o2", "p2")]).await;
    }
    let commit = || {
        let mut commit = Commit::new(TENANT, "Practitioner/ada", "transaction");
        commit.put = vec![observation("o1", "p9"), patient("p3", "Eve")];
        commit.delete = vec![key("Patient/p1"), key("Patient/never")];
        commit.erase = vec![Erase { key: key("Observation/o2"), extent: Extent::All }];
        commit
    };
    assert_eq!(audited.commit(commit()).await, plain.commit(commit()).await);
    let events = told_of(&*told).await;
    let expected = [
        told_as("create", "Patient/p1", "Patient/p1"),
        told_as("create", "Patient/p1", "Observation/o1"),
        told_as("create", "Patient/p2", "Observation/o2"),
        told_as("update", "Patient/p1", "Observation/o1"),
        told_as("update", "Patient/p9", "Observation/o1"),
        told_as("create", "Patient/p3", "Patient/p3"),
        told_as("delete", "Patient/p1", "Patient/p1"),
        told_as("delete", "", "Patient/never"),
        told_as("delete", "Patient/p2", "Observation/o2"),
    ];
    assert_eq!(events, expected);
}

#[test]
fn what_a_gate_gave_out_is_told_once() {
    let touched = vec![(key("Patient/p2"), 1), (key("Patient/p1"), 3), (key("Patient/p2"), 1)];
    let happening = of(Interaction::SearchType).touching((touched.clone(), false));
    assert_eq!(happening.entities, [entity("Patient/p1", 3), entity("Patient/p2", 1)]);
    assert_eq!(happening.query, None);
    assert!(of(Interaction::SearchType).touching((touched, true)).query.is_some());
}

#[tokio::test]
async fn a_patch_is_a_patch() {
    let store = store();
    write(&*store, vec![patient("p1", "Ada")]).await;
    let mut commit = Commit::new(TENANT, "Practitioner/ada", "patch");
    commit.put = vec![patient("p1", "Eve")];
    let before = HashMap::from([(key("Patient/p1"), store.read(TENANT, &key("Patient/p1")).await.unwrap().unwrap())]);
    scribe().tell(&mut commit, &of(Interaction::Patch), &before);
    store.commit(commit).await.unwrap();
    assert_eq!(told(&audit_events(&*store, TENANT).await), [told_as("patch", "Patient/p1", "Patient/p1")]);
}
