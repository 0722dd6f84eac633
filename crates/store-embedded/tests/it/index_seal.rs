//! An index that is sealed: it finds what equals, has nobody's values in its files, and is made anew when what it is sealed with changes.

use std::path::Path;
use std::sync::Arc;

use fhir::definitions::ResourceType;
use store::commit::{Commit, Conflict, Expect, Instant, Put};
use store::contract::Extract;
use store::entry::{Entry, EntryValue, Local, Param, Span, Text, Token, Uri};
use store::memory::MemoryStore;
use store::query::{Compare, Filter, Query, Sort, SortBy, Test};
use store::secrecy::{Secrecy, Secrets};
use store::suite::ManualClock;
use store::suite::synthetic::SyntheticExtract;
use store::{CommitError, ReadError, Store};
use store_embedded::{BodySeal, Embedded, Options};
use vault::Keyring;

use crate::body_seal::body_seal;
use crate::fixture::{NOW, TENANT, body_of, clean_versions, key, writes};

const DAY: i64 = 86_400_000;

fn param(code: &str) -> Param {
    Param::of("Observation", code)
}

/// The suite's extractor, with parameters that tell who somebody is.
struct Telling;

impl Extract for Telling {
    fn extract(&self, kind: ResourceType, text: &[u8]) -> (Vec<Entry>, Instant) {
        SyntheticExtract.extract(kind, text)
    }

    fn fingerprint(&self) -> u64 {
        2
    }

    fn secrets(&self) -> Arc<Secrets> {
        let whole = ["name", "identifier", "born", "home", "pair"].map(|code| (param(code), Secrecy::Whole));
        Arc::new(whole.into_iter().chain([(param("subject"), Secrecy::Tokens)]).collect())
    }
}

fn sealing(place: &Path, seal: &BodySeal, sealed: bool) -> Options {
    let index_seal: Option<Arc<Keyring>> = sealed.then(|| Arc::clone(&seal.keys));
    let clock = Arc::new(ManualClock::new(NOW));
    Options { body_seal: Some(seal.clone()), index_seal, ..Options::new(place.join("data"), Arc::new(Telling), clock) }
}

fn token(system: &str, code: &str) -> EntryValue {
    EntryValue::Token(Token { code: code.into(), system: system.into() })
}

fn text(value: &str) -> Text {
    Text { folded: value.to_lowercase().into(), exact: value.into() }
}

fn entry(code: &str, value: EntryValue) -> Entry {
    Entry { param: param(code), value }
}

/// Somebody with a name that is looked for in the files: everybody has another one, and every third the same birthday.
fn person(number: u64) -> Put {
    let day = (number % 3) as i64 * DAY;
    let name = EntryValue::String(text(&format!("Canary{number}")));
    let inner = vec![entry("name", EntryValue::String(text(&format!("Canarychild{number}"))))];
    let mut entries = vec![
        entry("name", name),
        entry("identifier", token("urn:canary:mrn", &format!("canary-{number}"))),
        entry("born", EntryValue::Date(Span { first: day, last: day + DAY - 1 })),
        entry("home", EntryValue::Uri(Uri { uri: format!("https://canary.example/{number}").into(), version: "".into() })),
        entry("pair", EntryValue::Composite(vec![token("urn:k", "canary-kind"), EntryValue::String(text(&format!("Canary{number}")))])),
        entry("subject", EntryValue::Local(Local { target: format!("Patient/p{}", number % 5).into() })),
        entry("subject", token("urn:canary:mrn", &format!("canary-of-{}", number % 5))),
        entry("code", token("urn:codes", &format!("c{}", number % 2))),
        Entry {
            param: Param::contained(key("").kind),
            value: EntryValue::Contained { kind: key("").kind, id: "c".into(), entries: inner },
        },
    ];
    if number.is_multiple_of(4) {
        // Some moment of a day, and a year.
        entries.push(entry("born", EntryValue::Date(Span { first: 10 * DAY + 5, last: 10 * DAY + 5 })));
        entries.push(entry("born", EntryValue::Date(Span { first: 100 * DAY, last: 465 * DAY - 1 })));
    }
    entries.sort_unstable();
    let id = key(&format!("o{number}"));
    Put { body: body_of(&id, &entries, number as i64), key: id, entries, date: number as i64, extractor: 0 }
}

fn asks(code: &str, test: Test) -> Filter {
    Filter::Match(param(code), test)
}

fn code(code: &str) -> Test {
    Test::Token { system: None, code: Some(code.into()) }
}

fn day(number: i64) -> Test {
    Test::Date(Compare::Equal, Span { first: number * DAY, last: (number + 1) * DAY - 1 })
}

/// Questions that ask for equality alone.
fn questions() -> Vec<Filter> {
    let not = |filter| Filter::Not(Box::new(filter));
    let other = |test: Test| Test::Other(Box::new(test));
    let kind = key("").kind;
    let in_system = |system: &str, code: Option<&str>| Test::Token { system: Some(system.into()), code: code.map(Into::into) };
    vec![
        Filter::everything(),
        asks("name", Test::Exactly(text("Canary7"))),
        asks("name", Test::Exactly(text("canary7"))),
        asks("name", Test::Folded("canary7".into())),
        asks("name", other(Test::Folded("canary7".into()))),
        asks("identifier", code("canary-3")),
        asks("identifier", in_system("urn:canary:mrn", Some("canary-3"))),
        asks("identifier", in_system("urn:canary:mrn", None)),
        asks("identifier", in_system("urn:other", None)),
        asks("identifier", in_system("", Some("canary-3"))),
        not(asks("identifier", code("canary-3"))),
        asks("born", day(1)),
        asks("born", day(10)),
        asks("born", other(day(1))),
        asks("home", Test::Uri { uri: "https://canary.example/4".into(), version: None }),
        asks("pair", Test::Composite(vec![code("canary-kind"), Test::Folded("canary9".into())])),
        asks("subject", Test::Local("Patient/p2".into())),
        asks("subject", code("canary-of-2")),
        asks("code", code("c1")),
        Filter::Present(param("name")),
        Filter::All(vec![asks("code", code("c0")), asks("born", day(2)), not(asks("name", Test::Folded("canary8".into())))]),
        Filter::Any(vec![asks("name", Test::Folded("canary1".into())), asks("identifier", code("canary-2"))]),
        Filter::Contained(kind, Box::new(asks("name", Test::Exactly(text("Canarychild5"))))),
        asks("name", Test::Folded("canary".into())),
    ]
}

fn query(filter: Filter) -> Query {
    Query { count: 1000, total: true, ..Query::new(TENANT, key("").kind, filter) }
}

/// Compares every question with the reference engine, now and as of a moment.
async fn compare(store: &Embedded, reference: &MemoryStore) -> u64 {
    let mut found = 0;
    for filter in questions() {
        for as_of in [None, Some(NOW - 1), Some(NOW)] {
            let query = Query { as_of, ..query(filter.clone()) };
            let (one, other) = (store.search(&query).await.expect("an answer"), reference.search(&query).await.expect("an answer"));
            let ids = |answer: &store::query::Answer| answer.matches.iter().map(|version| version.key.id.clone()).collect::<Vec<_>>();
            assert_eq!((ids(&one), one.total), (ids(&other), other.total), "{filter:?} {as_of:?}");
            found += one.total.unwrap_or_default();
        }
    }
    found
}

async fn write(store: &Embedded, reference: &MemoryStore, numbers: std::ops::Range<u64>) {
    for number in numbers {
        let commit = writes(vec![person(number)]);
        store.commit(commit.clone()).await.expect("a commit");
        reference.commit(commit).await.expect("a commit");
    }
}

/// The files below a folder in which a text stands, whatever its case.
fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file").to_ascii_lowercase();
        if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[tokio::test]
async fn it_finds_what_equals_and_no_file_has_a_value() {
    let place = tempfile::tempdir().expect("a folder");
    let seal = body_seal(&place.path().join("keys"));
    let reference = MemoryStore::new(Arc::new(ManualClock::new(NOW)));
    let store = Embedded::open(sealing(place.path(), &seal, true)).expect("a store");
    write(&store, &reference, 0..40).await;
    // Some are written again, with what somebody else had.
    let again = |number: u64, as_if: u64| Put { key: key(&format!("o{number}")), ..person(as_if) };
    for (number, as_if) in [(3, 7), (9, 3)] {
        let put = again(number, as_if);
        let commit = writes(vec![Put { body: body_of(&put.key, &put.entries, as_if as i64), ..put }]);
        store.commit(commit.clone()).await.expect("a commit");
        reference.commit(commit).await.expect("a commit");
    }
    assert!(compare(&store, &reference).await > 300);
    assert_eq!(clean_versions(&store).await, 42);
    assert_eq!(files_with(&place.path().join("data"), "canary"), [""; 0]);
    store.close().await;
    drop(store);
    assert_eq!(files_with(&place.path().join("data"), "canary"), [""; 0]);
    let store = Embedded::open(sealing(place.path(), &seal, true)).expect("a store");
    compare(&store, &reference).await;
    assert_eq!(clean_versions(&store).await, 42);
}

#[tokio::test]
async fn what_needs_more_than_equality_is_refused_and_nothing_ends() {
    let place = tempfile::tempdir().expect("a folder");
    let seal = body_seal(&place.path().join("keys"));
    let store = Embedded::open(sealing(place.path(), &seal, true)).expect("a store");
    store.commit(writes(vec![person(1)])).await.expect("a commit");
    let before = Test::Date(Compare::Less, Span { first: DAY, last: 2 * DAY - 1 });
    let month = Test::Date(Compare::Equal, Span { first: 0, last: 30 * DAY - 1 });
    let tests = [
        ("name", Test::StartsWith("can".into())),
        ("name", Test::Contains("nar".into())),
        ("name", Test::EndsWith("1".into())),
        ("name", Test::Like { text: "canary".into(), least: 800 }),
        ("born", before),
        ("born", month),
        ("home", Test::UriBelow("https://canary.example".into())),
        ("pair", Test::Composite(vec![code("canary-kind"), Test::StartsWith("c".into())])),
    ];
    let is_refused = |answered: Result<store::query::Answer, ReadError>| match answered {
        Err(ReadError::Engine(what)) => what.contains("seal_index") && !what.contains("can"),
        _ => false,
    };
    for (code, test) in tests {
        let filter = asks(code, test);
        assert!(is_refused(store.search(&query(filter.clone())).await), "{filter:?}");
        let inner = Filter::Not(Box::new(Filter::Any(vec![filter.clone()])));
        assert!(is_refused(store.search(&query(inner)).await), "{filter:?}");
        let commit = Commit { expect: vec![Expect::NoMatch(key("").kind, filter)], ..writes(vec![person(2)]) };
        assert!(matches!(store.commit(commit).await, Err(CommitError::Engine(what)) if what.contains("seal_index")));
    }
    let sort = vec![Sort { by: SortBy::Params(vec![param("name")]), descending: false }];
    assert!(is_refused(store.search(&Query { sort, ..query(Filter::everything()) }).await));
    let rank = vec![(param("name"), "canary".into())];
    assert!(is_refused(store.search(&Query { rank, ..query(Filter::everything()) }).await));
    // A condition by equality is judged as ever.
    let same = asks("identifier", code("canary-1"));
    let commit = Commit { expect: vec![Expect::NoMatch(key("").kind, same)], ..writes(vec![person(2)]) };
    assert!(matches!(store.commit(commit).await, Err(CommitError::Conflict(conflict)) if matches!(*conflict, Conflict::Matches { .. })));
    store.commit(writes(vec![person(2)])).await.expect("a commit");
}

/// Each index has keys of its own: all hashes of the new one are others, and commits that were made ready for the old one find their way into it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_that_is_made_anew_beside_writers_has_other_hashes() {
    let place = tempfile::tempdir().expect("a folder");
    let seal = body_seal(&place.path().join("keys"));
    let reference = MemoryStore::new(Arc::new(ManualClock::new(NOW)));
    let store = Arc::new(Embedded::open(sealing(place.path(), &seal, true)).expect("a store"));
    write(&store, &reference, 0..20).await;
    let writing = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for number in 20..60 {
                store.commit(writes(vec![person(number)])).await.expect("a commit");
            }
        })
    };
    for _ in 0..3 {
        store.rebuild_index(|_| {}).await.expect("a new index");
    }
    writing.await.expect("writes");
    for number in 20..60 {
        reference.commit(writes(vec![person(number)])).await.expect("a commit");
    }
    compare(&store, &reference).await;
    assert_eq!(clean_versions(&store).await, 60);
    assert_ne!(seal.keys.index_key(1, 0).expect("a key").hash(1, 0, b"a"), seal.keys.index_key(1, 3).expect("a key").hash(1, 0, b"a"));
}

#[tokio::test]
async fn a_change_of_the_setting_makes_the_index_anew() {
    let place = tempfile::tempdir().expect("a folder");
    let seal = body_seal(&place.path().join("keys"));
    let reference = MemoryStore::new(Arc::new(ManualClock::new(NOW)));
    let store = Embedded::open(sealing(place.path(), &seal, false)).expect("a store");
    write(&store, &reference, 0..20).await;
    compare(&store, &reference).await;
    drop(store);
    assert!(!files_with(&place.path().join("data"), "canary").is_empty(), "an index in clear has them");
    for sealed in [true, false, true] {
        let store = Embedded::open(sealing(place.path(), &seal, sealed)).expect("a store");
        compare(&store, &reference).await;
        assert_eq!(clean_versions(&store).await, 20);
        drop(store);
        assert_eq!(files_with(&place.path().join("data"), "canary").is_empty(), sealed);
    }
}

/// An index made with other keys would find nothing: it is made anew instead.
#[tokio::test]
async fn other_keys_make_the_index_anew() {
    let place = tempfile::tempdir().expect("a folder");
    let (seal, others) = (body_seal(&place.path().join("keys")), body_seal(&place.path().join("others")));
    let reference = MemoryStore::new(Arc::new(ManualClock::new(NOW)));
    let with = |keys: &Arc<Keyring>| Options { index_seal: Some(Arc::clone(keys)), ..sealing(place.path(), &seal, true) };
    let store = Embedded::open(with(&seal.keys)).expect("a store");
    write(&store, &reference, 0..20).await;
    drop(store);
    let store = Embedded::open(with(&others.keys)).expect("a store");
    compare(&store, &reference).await;
    assert_eq!(clean_versions(&store).await, 20);
}

#[tokio::test]
async fn equal_values_of_two_parameters_and_tenants_have_other_hashes() {
    let place = tempfile::tempdir().expect("a folder");
    let seal = body_seal(&place.path().join("keys"));
    let hash =
        |tenant, number, parameter, form, value: &[u8]| seal.keys.index_key(tenant, number).expect("a key").hash(parameter, form, value);
    let all = [
        hash(1, 1, 1, 0, b"ab"),
        hash(2, 1, 1, 0, b"ab"),
        hash(1, 2, 1, 0, b"ab"),
        hash(1, 1, 2, 0, b"ab"),
        hash(1, 1, 1, 1, b"ab"),
        hash(1, 1, 1, 0, b"abc"),
        hash(1, 1, 1, 0, b""),
    ];
    let different: std::collections::HashSet<_> = all.iter().collect();
    assert_eq!(different.len(), all.len());
    assert_eq!(hash(1, 1, 1, 0, b"ab"), all[0]);
}
