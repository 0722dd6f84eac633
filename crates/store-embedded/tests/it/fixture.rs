//! A store of its own for each test, and resources to put into it.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use fhir::definitions::ResourceType;
use store::Store;
use store::commit::{Body, Commit, Key, Posting, Put, Tenant};
use store::encoding::encode_entries;
use store::entry::{Entry, EntryValue, Param, Token};
use store::query::{Filter, Query, Test};
use store::suite::ManualClock;
use store::suite::synthetic::SyntheticExtract;
use store_embedded::{Embedded, Options};

/// Whose data it is.
pub(crate) const TENANT: Tenant = Tenant(1);

/// When the clock stands: 2026-11-21T08:00:00Z.
pub(crate) const NOW: i64 = 1_795_248_000_000;

/// The options of a store in `directory` whose clock stands still.
pub(crate) fn options(directory: &Path) -> Options {
    Options::new(directory, Arc::new(SyntheticExtract), Arc::new(ManualClock::new(NOW)))
}

/// Opens the store in `directory`.
pub(crate) fn open(directory: &Path) -> Embedded {
    Embedded::open(options(directory)).expect("a store that opens")
}

/// Opens the store in `directory` with another clock.
pub(crate) fn open_at(directory: &Path, clock: Arc<ManualClock>) -> Embedded {
    Embedded::open(Options::new(directory, Arc::new(SyntheticExtract), clock)).expect("a store that opens")
}

/// The key of an observation.
pub(crate) fn key(id: &str) -> Key {
    Key::new(ResourceType::parse("Observation").expect("a type"), id)
}

/// An observation with two codes: its own, and one that all have.
pub(crate) fn observation(id: &str, mark: u64) -> Put {
    let token = |code: &str| EntryValue::Token(Token { code: code.into(), system: "urn:codes".into() });
    let entry = |value| Entry { param: Param::of("Observation", "code"), value };
    let entries = vec![entry(token(id)), entry(token("all"))];
    let body = body_of(&key(id), &entries, mark as i64);
    Put { key: key(id), body, entries, date: mark as i64, extractor: 0 }
}

/// A text from which the suite's extractor reads the entries and the date again.
pub(crate) fn body_of(key: &Key, entries: &[Entry], date: i64) -> Body {
    let head = format!("{{\"resourceType\":\"{}\",\"id\":\"{}\",\"meta\":{{", key.kind.name(), key.id);
    let index: String = encode_entries(entries).iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!("{head}}},\"date\":\"{date}\",\"entries\":\"{index}\"}}");
    Body { text: Bytes::from(text), stamp_at: head.len() as u32 }
}

/// A commit that writes these.
pub(crate) fn writes(put: Vec<Put>) -> Commit {
    Commit { put, ..Commit::new(TENANT, "Practitioner/1", "test") }
}

/// Writes observations `first` to `last`, a hundred to a commit.
pub(crate) async fn fill(store: &Embedded, numbers: std::ops::Range<u64>) {
    let all: Vec<u64> = numbers.collect();
    for some in all.chunks(100) {
        let put = some.iter().map(|number| observation(&format!("o{number}"), *number)).collect();
        store.commit(writes(put)).await.expect("a commit");
    }
}

/// Money moved to or from an account, in cents, which may go below zero.
pub(crate) fn posting(account: &str, amount: i64) -> Posting {
    Posting { ledger: "money".to_owned(), account: account.to_owned(), amount, unit: "EUR-cent".to_owned(), guarded: false }
}

/// Observations with this code.
pub(crate) fn coded(code: &str) -> Query {
    let test = Test::Token { system: Some("urn:codes".into()), code: Some(code.into()) };
    let filter = Filter::Match(Param::of("Observation", "code"), test);
    Query { count: 10, total: true, ..Query::new(TENANT, key("").kind, filter) }
}

/// How many observations with the code a search finds.
pub(crate) async fn total(store: &Embedded, code: &str) -> u64 {
    store.search(&coded(code)).await.expect("a search").total.expect("a total")
}

/// Whether the observation is read and found.
pub(crate) async fn is_there(store: &Embedded, id: &str) -> bool {
    let read = store.read(TENANT, &key(id)).await.expect("a read").is_some();
    read && total(store, id).await == 1
}

/// Checks that the index says what the truth says, and gives the number of versions.
pub(crate) async fn clean_versions(store: &Embedded) -> u64 {
    let report = store.check_index(|_| {}).await.expect("a check");
    assert!(report.is_clean(), "{report:#?}");
    report.versions
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
