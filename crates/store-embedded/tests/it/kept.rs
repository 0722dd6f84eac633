//! Answers that are kept: they are as new as what was acknowledged before they were asked for, however many write and ask at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use store::Store;
use store::commit::{Commit, Key, Put};
use store::entry::{Entry, EntryValue, Local, Param, Span};
use store::query::{Compare, Direction, Filter, Include, Query, Test, TokenSet};
use store::suite::ManualClock;
use store_embedded::Embedded;

use crate::fixture::{TENANT, body_of, coded, fill, key, open, open_at, writes};

/// How many versions are written while others ask.
const VERSIONS: u64 = 400;

fn patient(id: &str) -> Key {
    Key::new(fhir::definitions::ResourceType::parse("Patient").expect("a type"), id)
}

/// An observation of a patient, whose date is `mark`.
fn of_patient(id: &str, of: &str, mark: u64) -> Put {
    let entry =
        Entry { param: Param::of("Observation", "patient"), value: EntryValue::Local(Local { target: format!("Patient/{of}").into() }) };
    Put {
        body: body_of(&key(id), std::slice::from_ref(&entry), mark as i64),
        key: key(id),
        entries: vec![entry],
        date: mark as i64,
        extractor: 0,
    }
}

/// The observations of a patient, and the patient with them.
fn chart(of: &str) -> Query {
    let param = Param::of("Observation", "patient");
    let filter = Filter::Match(param, Test::Local(format!("Patient/{of}").into()));
    let include = Include { direction: Direction::Forward, source: key("").kind, params: vec![param], target: None, iterate: false };
    Query { include: vec![include], ..Query::new(TENANT, key("").kind, filter) }
}

async fn put_patient(store: &Embedded, id: &str) {
    let put = Put { body: body_of(&patient(id), &[], 0), key: patient(id), entries: Vec::new(), date: 0, extractor: 0 };
    store.commit(writes(vec![put])).await.expect("a commit");
}

#[tokio::test]
async fn hold_until_something_of_them_changes() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    let versions = async |query: &Query| {
        let answer = store.search(query).await.expect("a search");
        let versions = |of: &[store::query::Version]| of.iter().map(|each| (each.key.clone(), each.version)).collect::<Vec<_>>();
        (versions(&answer.matches), versions(&answer.included))
    };
    put_patient(&store, "a").await;
    store.commit(writes(vec![of_patient("o1", "a", 1), of_patient("o9", "b", 1)])).await.expect("a commit");
    let (o1, o2, a) = (key("o1"), key("o2"), patient("a"));
    assert_eq!(versions(&chart("a")).await, (vec![(o1.clone(), 1)], vec![(a.clone(), 1)]));
    // A match changes without a change of its entries; what is included does; a match comes, goes to another patient, and is deleted.
    store.commit(writes(vec![of_patient("o1", "a", 1)])).await.expect("a commit");
    assert_eq!(versions(&chart("a")).await, (vec![(o1.clone(), 2)], vec![(a.clone(), 1)]));
    put_patient(&store, "a").await;
    assert_eq!(versions(&chart("a")).await, (vec![(o1.clone(), 2)], vec![(a.clone(), 2)]));
    store.commit(writes(vec![of_patient("o2", "a", 2)])).await.expect("a commit");
    assert_eq!(versions(&chart("a")).await, (vec![(o2.clone(), 1), (o1.clone(), 2)], vec![(a.clone(), 2)]));
    store.commit(writes(vec![of_patient("o2", "b", 2)])).await.expect("a commit");
    assert_eq!(versions(&chart("a")).await, (vec![(o1.clone(), 2)], vec![(a.clone(), 2)]));
    store.commit(Commit { delete: vec![o1, a], ..writes(Vec::new()) }).await.expect("a commit");
    assert_eq!(versions(&chart("a")).await, (Vec::new(), Vec::new()));
    // What was found to be nothing is found when it comes.
    assert_eq!(versions(&chart("nobody")).await, (Vec::new(), Vec::new()));
    store.commit(writes(vec![of_patient("o3", "nobody", 2)])).await.expect("a commit");
    assert_eq!(versions(&chart("nobody")).await, (vec![(key("o3"), 1)], Vec::new()));
    put_patient(&store, "nobody").await;
    assert_eq!(versions(&chart("nobody")).await, (vec![(key("o3"), 1)], vec![(patient("nobody"), 1)]));
    // A group too large to be marked one by one ends all that is kept.
    let total = async || store.search(&coded("all")).await.expect("a search").total;
    assert_eq!(total().await, Some(0));
    let many = (0..6_000).map(|number| crate::fixture::observation(&format!("m{number}"), number)).collect();
    store.commit(writes(many)).await.expect("a commit");
    assert_eq!(total().await, Some(6_000));
    fill(&store, 0..10).await;
    assert_eq!(total().await, Some(6_010));
}

/// Observations of a patient with the code that all have.
fn coded_of(patient: &str) -> Query {
    let of = chart(patient).subjects.remove(0).filter;
    let coded = coded("all").subjects.remove(0).filter;
    Query::new(TENANT, key("").kind, Filter::All(vec![of, coded]))
}

/// An observation of a patient with the code that all have.
fn coded_observation(id: &str, patient: &str) -> Put {
    let mut put = of_patient(id, patient, 5);
    put.entries.extend(crate::fixture::observation(id, 5).entries);
    Put { body: body_of(&put.key, &put.entries, 5), ..put }
}

#[tokio::test]
async fn hold_whichever_clause_leads() {
    let place = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(ManualClock::new(5));
    let store = open_at(place.path(), clock.clone());
    let since = Filter::LastUpdated(Compare::GreaterOrEqual, Span { first: 7, last: 7 });
    let since = Query::new(TENANT, key("").kind, since);
    let found = async |query: &Query| {
        let answer = store.search(query).await.expect("a search");
        answer.matches.iter().map(|version| version.key.id.to_string()).collect::<Vec<_>>()
    };
    store.commit(writes(vec![coded_observation("x1", "a")])).await.expect("a commit");
    fill(&store, 0..300).await;
    assert_eq!((found(&coded_of("a")).await, found(&since).await.len()), (vec!["x1".to_owned()], 0));
    clock.set(7);
    store.commit(writes(vec![coded_observation("x2", "a")])).await.expect("a commit");
    assert_eq!((found(&coded_of("a")).await, found(&since).await), (vec!["x2".to_owned(), "x1".to_owned()], vec!["x2".to_owned()]));
    // One loses the code, and stays the patient's.
    store.commit(writes(vec![of_patient("x1", "a", 5)])).await.expect("a commit");
    assert_eq!(found(&coded_of("a")).await, ["x2"]);
    assert_eq!(found(&since).await, ["x2", "x1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn are_never_older_than_what_was_acknowledged() {
    let place = tempfile::tempdir().expect("a folder");
    let store = Arc::new(open(place.path()));
    put_patient(&store, "a").await;
    let (written, is_over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let mut readers = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let (store, written, is_over) = (Arc::clone(&store), Arc::clone(&written), Arc::clone(&is_over));
        readers.spawn(async move {
            let mut asked = 0_u64;
            while !is_over.load(Ordering::SeqCst) {
                let least = written.load(Ordering::SeqCst);
                let answer = store.search(&chart("a")).await.expect("a search");
                let found = answer.matches.first().map_or(0, |version| version.version);
                assert!(found >= least, "version {least} was acknowledged, and {found} was found");
                asked += 1;
                tokio::task::yield_now().await;
            }
            asked
        });
    }
    for version in 1..=VERSIONS {
        store.commit(writes(vec![of_patient("o", "a", version % 7)])).await.expect("a commit");
        written.store(version, Ordering::SeqCst);
    }
    is_over.store(true, Ordering::SeqCst);
    let asked: u64 = readers.join_all().await.into_iter().sum();
    assert!(asked > 100, "hardly anything was asked: {asked}");
}

/// The observations that have one of these codes.
fn among(codes: impl IntoIterator<Item = String>) -> Query {
    let token = |code: String| store::entry::Token { code: code.into(), system: "urn:codes".into() };
    let set: TokenSet = codes.into_iter().map(token).collect();
    Query { total: true, ..Query::new(TENANT, key("").kind, Filter::Match(Param::of("Observation", "code"), Test::AmongTokens(set))) }
}

#[tokio::test]
async fn another_set_of_tokens_is_another_question() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    fill(&store, 0..20).await;
    let total = async |query: &Query| store.search(query).await.expect("a search").total;
    // Few are looked up, more are sieved, and very many are not kept: the answers follow what is asked and what is written all the same.
    for absent in [0, 200, 20_000] {
        let set = |own: &[&str]| {
            let absent = (0..absent).map(|number| format!("absent {number}"));
            among(own.iter().map(|code| (*code).to_owned()).chain(absent))
        };
        for _ in 0..2 {
            assert_eq!(total(&set(&["o1", "o2"])).await, Some(2), "{absent} more");
            assert_eq!(total(&set(&["o1"])).await, Some(1), "{absent} more");
            assert_eq!(total(&set(&["new"])).await, Some(0), "{absent} more");
        }
        let written = crate::fixture::observation("new", 99);
        store.commit(writes(vec![written])).await.expect("a commit");
        assert_eq!(total(&set(&["new"])).await, Some(1), "{absent} more");
        store.commit(Commit { delete: vec![key("new")], ..writes(Vec::new()) }).await.expect("a commit");
        assert_eq!(total(&set(&["new"])).await, Some(0), "{absent} more");
    }
}
