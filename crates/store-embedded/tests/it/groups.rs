//! Many at once: groups of commits, and races that have one winner.

use std::sync::Arc;

use store::Store;
use store::commit::{Claim, Commit, CommitError, Conflict, Expect, NumberDraw};
use store::query::{Filter, HistoryQuery, Scope};

use crate::fixture::{TENANT, clean_versions, coded, key, observation, open, total, writes};

/// Runs `attempt` 64 times at once and gives how many were applied; the others must be refused by a conflict that `is_right`.
async fn winners(attempt: impl Fn(u64) -> Commit, is_right: fn(&Conflict) -> bool) -> usize {
    let place = tempfile::tempdir().expect("a folder");
    let store = Arc::new(open(place.path()));
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..64 {
        let (store, commit) = (Arc::clone(&store), attempt(number));
        tasks.spawn(async move { store.commit(commit).await });
    }
    let mut applied = 0;
    while let Some(done) = tasks.join_next().await {
        match done.expect("a task") {
            Ok(_) => applied += 1,
            Err(CommitError::Conflict(conflict)) => assert!(is_right(&conflict), "{conflict:?}"),
            Err(other) => panic!("{other:?}"),
        }
    }
    clean_versions(&store).await;
    applied
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_slot_has_one_winner() {
    let claim = |number: u64| Claim {
        subject: "Slot/1".to_owned(),
        from: 0,
        until: 10,
        capacity: 1,
        units: 1,
        holder: format!("Appointment/{number}"),
        lease_until: None,
    };
    let attempt = |number| Commit { claim: vec![claim(number)], ..writes(vec![observation(&format!("a{number}"), number)]) };
    assert_eq!(winners(attempt, |conflict| matches!(conflict, Conflict::Claimed { .. })).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_conditional_create_has_one_winner() {
    let attempt = |number| {
        let expect = Expect::NoMatch(key("").kind, coded("all").subjects.remove(0).filter);
        Commit { expect: vec![expect], ..writes(vec![observation(&format!("c{number}"), number)]) }
    };
    assert_eq!(winners(attempt, |conflict| matches!(conflict, Conflict::Matches { .. })).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_update_of_a_version_has_one_winner() {
    let attempt = |number| Commit { expect: vec![Expect::Version(key("v"), 0)], ..writes(vec![observation("v", number)]) };
    assert_eq!(winners(attempt, |conflict| matches!(conflict, Conflict::Version { found: 1, .. })).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_resource_written_often_is_in_the_index_once() {
    let place = tempfile::tempdir().expect("a folder");
    let store = Arc::new(open(place.path()));
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..200 {
        let store = Arc::clone(&store);
        let draw = NumberDraw { sequence: "visits".to_owned(), expect: None };
        let mut commit = Commit { number: vec![draw], ..writes(vec![observation("same", number)]) };
        if number % 7 == 0 {
            commit.put.clear();
            commit.delete.push(key("same"));
        }
        tasks.spawn(async move { store.commit(commit).await.expect("a commit").numbers });
    }
    let mut numbers = tasks.join_all().await.concat();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=200).collect::<Vec<_>>());
    let versions = clean_versions(&store).await;
    let history = HistoryQuery { tenant: TENANT, scope: Scope::System, since: None, until: None, before: None, count: 1 };
    let history = store.history(&history).await.expect("a history");
    assert_eq!(history.total, versions);
    let last = history.versions.first().expect("a version");
    assert_eq!(total(&store, "same").await, u64::from(last.text().is_some()));
}

#[tokio::test]
async fn a_search_of_everything_is_a_range() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    crate::fixture::fill(&store, 0..30).await;
    let mut query = coded("all");
    query.subjects[0].filter = Filter::everything();
    let answer = store.search(&query).await.expect("a search");
    let ids: Vec<&str> = answer.matches.iter().map(|version| &*version.key.id).collect();
    assert_eq!(ids, ["o29", "o28", "o27", "o26", "o25", "o24", "o23", "o22", "o21", "o20"]);
    assert_eq!(answer.total, Some(30));
}
