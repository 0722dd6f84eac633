//! Parameters that resources define while the store is open: what is there is indexed by them, whatever else goes on.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use fhir::definitions::ResourceType;
use store::Store;
use store::commit::{Body, Commit, CommitError, Expect, Instant, Key, NO_DATE, Put};
use store::contract::{Extract, ReadError};
use store::entry::{Entry, EntryValue, Param, Token};
use store::query::{Filter, Query, Test};
use store::suite::ManualClock;
use store::suite::synthetic::SyntheticExtract;
use store_embedded::{Embedded, Options};

use crate::fixture::{TENANT, clean_versions, key, observation, writes};

/// Each resource of type SearchParameter defines a parameter of observations with its id as code: the remainder of the date by 7.
#[derive(Default)]
struct Defining(Mutex<Vec<Box<str>>>);

impl Defining {
    fn codes(&self) -> Vec<Box<str>> {
        self.0.lock().expect("no panic").clone()
    }
}

fn param(code: &str) -> Param {
    Param::of("Observation", code)
}

fn remainder(date: i64) -> EntryValue {
    EntryValue::Token(Token { code: format!("r{}", date.rem_euclid(7)).into(), system: "".into() })
}

impl Extract for Defining {
    fn extract(&self, kind: ResourceType, text: &[u8]) -> (Vec<Entry>, Instant) {
        let (mut entries, date) = SyntheticExtract.extract(kind, text);
        if kind == key("").kind {
            entries.extend(self.codes().iter().map(|code| Entry { param: param(code), value: remainder(date) }));
        }
        entries.sort_unstable();
        (entries, date)
    }

    fn fingerprint(&self) -> u64 {
        1
    }

    fn definitions(&self) -> Option<ResourceType> {
        ResourceType::parse("SearchParameter")
    }

    fn define(&self, definitions: &[(Key, Bytes)]) {
        let mut codes: Vec<Box<str>> = definitions.iter().map(|(key, _)| key.id.clone()).collect();
        codes.sort_unstable();
        *self.0.lock().expect("no panic") = codes;
    }

    fn defined(&self) -> Vec<(ResourceType, Vec<Param>)> {
        let mut params: Vec<Param> = self.codes().iter().map(|code| param(code)).collect();
        params.sort_unstable();
        if params.is_empty() { Vec::new() } else { vec![(key("").kind, params)] }
    }

    fn identity(&self) -> u64 {
        self.codes().iter().flat_map(|code| code.bytes()).fold(17, |hash, byte| hash * 31 + u64::from(byte))
    }
}

fn definition(code: &str) -> Key {
    Key::new(ResourceType::parse("SearchParameter").expect("a type"), code)
}

/// A commit that defines a parameter, or that does so no longer.
fn defines(code: &str) -> Commit {
    let head = format!("{{\"resourceType\":\"SearchParameter\",\"id\":\"{code}\",\"meta\":{{");
    let body = Body { text: Bytes::from(format!("{head}}}}}")), stamp_at: head.len() as u32 };
    writes(vec![Put { key: definition(code), body, entries: Vec::new(), date: NO_DATE, extractor: 0 }])
}

fn forgets(code: &str) -> Commit {
    Commit { delete: vec![definition(code)], ..writes(Vec::new()) }
}

/// What is done before each step of indexing.
type OnStep = Arc<dyn Fn(store_embedded::Progress) + Send + Sync>;

fn open(place: &std::path::Path, on_step: OnStep) -> (Embedded, Arc<Defining>) {
    let extract = Arc::new(Defining::default());
    let clock = Arc::new(ManualClock::new(1_795_248_000_000));
    let options = Options { on_step, search_time: Duration::from_secs(60), ..Options::new(place, extract.clone(), clock) };
    (Embedded::open(options).expect("a store that opens"), extract)
}

fn quietly() -> OnStep {
    Arc::new(|_| {})
}

/// Observations as somebody prepared them who knew only what was defined then.
fn prepared(id: u64, mark: u64, by: &Defining) -> Put {
    let put = observation(&format!("o{id}"), mark);
    let (entries, date) = by.extract(put.key.kind, &put.body.text);
    Put { entries, date, extractor: by.identity(), ..put }
}

async fn fill(store: &Embedded, by: &Defining, ids: std::ops::Range<u64>) {
    for some in ids.collect::<Vec<_>>().chunks(250) {
        store.commit(writes(some.iter().map(|id| prepared(*id, *id, by)).collect())).await.expect("a commit");
    }
}

fn asking(code: &str, remainder: u64) -> Query {
    let test = Test::Token { system: None, code: Some(format!("r{remainder}").into()) };
    Query { count: 0, total: true, ..Query::new(TENANT, key("").kind, Filter::Match(param(code), test)) }
}

/// How many observations each remainder has, by the store.
async fn counted(store: &Embedded, code: &str) -> Vec<u64> {
    let mut counts = Vec::new();
    for remainder in 0..7 {
        counts.push(store.search(&asking(code, remainder)).await.expect("an answer").total.expect("a total"));
    }
    counts
}

/// The same by their marks.
fn expected(marks: impl Iterator<Item = u64>) -> Vec<u64> {
    marks.fold(vec![0; 7], |mut counts, mark| {
        counts[(mark % 7) as usize] += 1;
        counts
    })
}

#[tokio::test]
async fn what_is_there_is_found_at_once() {
    let place = tempfile::tempdir().expect("a folder");
    let (store, extract) = open(place.path(), quietly());
    fill(&store, &extract, 0..3000).await;
    store.commit(defines("one")).await.expect("a commit");
    assert_eq!(counted(&store, "one").await, expected(0..3000));
    assert_eq!(clean_versions(&store).await, 3001);
    store.rebuild_index(|_| {}).await.expect("another index");
    assert_eq!(counted(&store, "one").await, expected(0..3000));
    assert_eq!(clean_versions(&store).await, 3001);
}

/// Writers who have prepared their resources before the parameter came, and commit them after; some while others are being indexed.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_missed_while_others_write() {
    for round in 0..4 {
        let place = tempfile::tempdir().expect("a folder");
        let (store, extract) = open(place.path(), Arc::new(|_| std::thread::sleep(Duration::from_millis(2))));
        fill(&store, &extract, 0..2000).await;
        let mut marks: BTreeMap<u64, u64> = (0..2000).map(|id| (id, id)).collect();
        // New ones, and others of all ages, with other remainders than before.
        let late: Vec<(u64, u64)> = (0..400).map(|n| (n * 7 % 2300, n * 11 + 3 + round)).collect();
        marks.extend(late.iter().copied());
        let mut puts: Vec<Put> = late.iter().map(|(id, mark)| prepared(*id, *mark, &extract)).collect();
        let rest = puts.split_off(20);
        let store = Arc::new(store);
        let before = puts.into_iter().map(|put| store.commit(writes(vec![put])));
        futures_util::future::join_all(before).await.into_iter().for_each(|done| drop(done.expect("a commit")));
        let writers = rest.into_iter().map(|put| async { store.commit(writes(vec![put])).await.expect("a commit") });
        let define = async { store.commit(defines("one")).await.expect("a commit") };
        let search = async { counted(&store, "one").await.len() };
        futures_util::future::join(futures_util::future::join(define, search), async {
            for writer in writers {
                writer.await;
            }
        })
        .await;
        assert_eq!(counted(&store, "one").await, expected(marks.into_values()), "round {round}");
        clean_versions(&store).await;
    }
}

#[tokio::test]
async fn a_search_waits_or_is_told_how_far_it_is() {
    let place = tempfile::tempdir().expect("a folder");
    let (open, waits) = std::sync::mpsc::channel::<()>();
    let waits = Mutex::new(waits);
    let extract = Arc::new(Defining::default());
    let options = Options {
        // Each step waits until the other end is dropped.
        on_step: Arc::new(move |_| drop(waits.lock().map(|waits| waits.recv().is_err()))),
        search_time: Duration::from_millis(200),
        ..Options::new(place.path(), extract.clone(), Arc::new(ManualClock::new(1_795_248_000_000)))
    };
    let store = Embedded::open(options).expect("a store");
    fill(&store, &extract, 0..700).await;
    store.commit(defines("one")).await.expect("a commit");
    let told = store.search(&asking("one", 1)).await;
    assert!(matches!(told, Err(ReadError::Indexing(how_far)) if how_far.total == 701), "{told:?}");
    assert!(store.indexing().is_some());
    // What asks for nothing of it goes on.
    assert_eq!(store.search(&asking("none", 1)).await.expect("an answer").total, Some(0));
    let filter = asking("one", 1).subjects.remove(0).filter;
    let expecting = Commit { expect: vec![Expect::NoMatch(key("").kind, filter)], ..writes(Vec::new()) };
    assert!(matches!(store.commit(expecting).await, Err(CommitError::Indexing(_))));
    drop(open);
    while store.indexing().is_some() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(counted(&store, "one").await, expected(0..700));
}

/// What was written while nothing was defined has no entries: they are not taken for all there are when it is defined again.
#[tokio::test]
async fn what_is_defined_again_is_indexed_again() {
    let place = tempfile::tempdir().expect("a folder");
    let (store, extract) = open(place.path(), quietly());
    fill(&store, &extract, 0..500).await;
    store.commit(defines("one")).await.expect("a commit");
    store.commit(defines("two")).await.expect("a commit");
    assert_eq!(counted(&store, "one").await, expected(0..500));
    store.commit(forgets("one")).await.expect("a commit");
    let changed: Vec<Put> = (0..100).map(|id| prepared(id, id + 1, &extract)).collect();
    store.commit(writes(changed)).await.expect("a commit");
    let marks = || (1..101).chain(100..500);
    store.commit(defines("one")).await.expect("a commit");
    assert_eq!(counted(&store, "one").await, expected(marks()));
    assert_eq!(counted(&store, "two").await, expected(marks()));
    clean_versions(&store).await;
    store.close().await;
    drop(store);
    let (store, _) = open(place.path(), quietly());
    assert_eq!(store.indexing(), None, "nothing is left to do after a restart");
    assert_eq!(counted(&store, "one").await, expected(marks()));
}

#[tokio::test]
async fn goes_on_where_it_was_after_a_restart() {
    let place = tempfile::tempdir().expect("a folder");
    let steps = Arc::new(AtomicU64::new(0));
    let count = steps.clone();
    let slow = move |_| {
        if count.fetch_add(1, Ordering::Relaxed) > 5 {
            std::thread::sleep(Duration::from_millis(300));
        }
    };
    let (store, extract) = open(place.path(), Arc::new(slow));
    fill(&store, &extract, 0..3000).await;
    store.commit(defines("one")).await.expect("a commit");
    while steps.load(Ordering::Relaxed) < 6 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    store.close().await;
    drop(store);
    let first = Arc::new(Mutex::new(None));
    let seen = first.clone();
    let (store, extract) =
        open(place.path(), Arc::new(move |progress| drop(seen.lock().map(|mut first| first.get_or_insert(progress.done).to_owned()))));
    assert_eq!(extract.codes(), ["one".into()]);
    assert_eq!(counted(&store, "one").await, expected(0..3000));
    let first = first.lock().expect("no panic").expect("there was something left to do");
    assert!(first >= 500, "it began again at {first}");
    clean_versions(&store).await;
}

const PLACE: &str = "WARD_TEST_DEFINING_PLACE";

/// The child of the next test: it dies in the middle of indexing, at another step each time.
#[test]
fn child() {
    let Some(place) = std::env::var_os(PLACE) else { return };
    let steps = AtomicU64::new(0);
    let on_step = move |_| {
        std::thread::sleep(Duration::from_millis(2));
        if steps.fetch_add(1, Ordering::Relaxed) == 4 {
            std::process::abort();
        }
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let (store, extract) = open(place.as_ref(), Arc::new(on_step));
        store.commit(defines("one")).await.expect("a commit");
        // Its own writes go on meanwhile: what they wrote stands in the truth, whatever the index has of it.
        for id in 0..10_000 {
            store.commit(writes(vec![prepared(id % 2500, id % 2500 + 7, &extract)])).await.ok();
        }
    });
}

#[tokio::test]
async fn is_whole_after_a_kill_in_the_middle() {
    let place = tempfile::tempdir().expect("a folder");
    let (store, extract) = open(place.path(), quietly());
    fill(&store, &extract, 0..2500).await;
    store.close().await;
    drop(store);
    for round in 0..3 {
        let mut child = Command::new(std::env::current_exe().expect("this program"));
        let child = child.args(["defining::child", "--exact", "--nocapture"]).env(PLACE, place.path());
        let ended = child.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("a child");
        println!("round {round}: {ended}");
    }
    let (store, _) = open(place.path(), quietly());
    // Marks moved by 7 have the remainders that they had.
    assert_eq!(counted(&store, "one").await, expected(0..2500));
    clean_versions(&store).await;
}
