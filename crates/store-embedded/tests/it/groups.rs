//! Many at once: what a group of commits leaves. Races that have one winner are cases of the suite.

use std::sync::Arc;

use store::Store;
use store::commit::{Commit, NumberDraw};
use store::query::{Filter, HistoryQuery, Scope};

use crate::fixture::{TENANT, clean_versions, coded, key, observation, open, total, writes};

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
    let history = HistoryQuery { tenant: TENANT, scope: Scope::System, since: None, until: None, before: None, most_bytes: None, count: 1 };
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
