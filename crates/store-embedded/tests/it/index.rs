//! The index: missing, behind, ahead, of another extractor, damaged, made anew.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fhir::definitions::ResourceType;
use lsm_tree::{AbstractTree, Config, Guard, SequenceNumberCounter};
use store::Store;
use store::commit::{Commit, Instant};
use store::contract::Extract;
use store::entry::Entry;
use store::suite::synthetic::SyntheticExtract;
use store_embedded::{Embedded, Options, StoreError};

use crate::fixture::{TENANT, clean_versions, copy, fill, is_there, key, observation, open, options, total, writes};

fn folder(place: &Path) -> PathBuf {
    place.join("index-0")
}

/// A store with creations, updates and a deletion, closed.
async fn filled(place: &Path) -> u64 {
    let store = open(place);
    fill(&store, 0..250).await;
    fill(&store, 0..50).await;
    let delete = Commit { delete: vec![key("o99")], ..writes(Vec::new()) };
    store.commit(delete).await.expect("a commit");
    let versions = clean_versions(&store).await;
    store.close().await;
    versions
}

#[tokio::test]
async fn is_made_anew_when_it_is_missing() {
    let place = tempfile::tempdir().expect("a folder");
    assert_eq!(filled(place.path()).await, 301);
    std::fs::remove_dir_all(folder(place.path())).expect("the index");
    let store = open(place.path());
    assert_eq!(clean_versions(&store).await, 301);
    assert_eq!(total(&store, "all").await, 249);
    assert!(!is_there(&store, "o99").await);
}

/// The canary: without the replay, what was acknowledged is not found.
#[tokio::test]
async fn is_brought_up_to_the_truth() {
    let place = tempfile::tempdir().expect("a folder");
    filled(place.path()).await;
    let behind = place.path().join("kept");
    copy(&folder(place.path()), &behind);
    let store = open(place.path());
    fill(&store, 1000..1100).await;
    store.commit(writes(vec![observation("o1", 77)])).await.expect("a commit");
    drop(store);
    std::fs::remove_dir_all(folder(place.path())).expect("the index");
    std::fs::rename(&behind, folder(place.path())).expect("the older index");

    let store = Embedded::open(Options { replay: false, ..options(place.path()) }).expect("a store");
    assert!(!is_there(&store, "o1050").await, "the index was not behind: the test proves nothing");
    drop(store);

    let store = open(place.path());
    assert!(is_there(&store, "o1050").await);
    assert_eq!(store.read(TENANT, &key("o1")).await.expect("a read").expect("a version").version, 3);
    assert_eq!(clean_versions(&store).await, 402);
}

#[tokio::test]
async fn tells_what_the_database_lacks() {
    let place = tempfile::tempdir().expect("a folder");
    let versions = filled(place.path()).await;
    let truth = place.path().join("ward.sqlite3");
    std::fs::copy(&truth, place.path().join("kept")).expect("a copy");
    let store = open(place.path());
    fill(&store, 1000..1001).await;
    store.close().await;
    drop(store);
    std::fs::copy(place.path().join("kept"), &truth).expect("a copy");
    let refused = Embedded::open(options(place.path())).map(drop);
    assert!(matches!(refused, Err(StoreError::Lost { found, known }) if (found, known) == (versions, versions + 1)), "{refused:?}");
    std::fs::remove_dir_all(folder(place.path())).expect("the index");
    let store = open(place.path());
    assert!(!is_there(&store, "o1000").await);
    assert_eq!(clean_versions(&store).await, versions);
}

#[tokio::test]
async fn is_made_anew_when_it_was_made_of_other_versions() {
    let place = tempfile::tempdir().expect("a folder");
    filled(place.path()).await;
    let truth = place.path().join("ward.sqlite3");
    std::fs::copy(&truth, place.path().join("kept")).expect("a copy");
    let store = open(place.path());
    fill(&store, 1000..1001).await;
    store.close().await;
    drop(store);
    let ahead = place.path().join("index-kept");
    std::fs::rename(folder(place.path()), ahead.with_file_name("kept-index")).expect("the index");
    std::fs::copy(place.path().join("kept"), &truth).expect("a copy");
    let store = open(place.path());
    fill(&store, 2000..2001).await;
    store.close().await;
    drop(store);
    std::fs::remove_dir_all(folder(place.path())).expect("the index");
    std::fs::rename(ahead.with_file_name("kept-index"), folder(place.path())).expect("the other index");
    let store = open(place.path());
    assert!(is_there(&store, "o2000").await && !is_there(&store, "o1000").await);
    clean_versions(&store).await;
}

/// Extracts as the suite's does, but is another one.
struct Changed;

impl Extract for Changed {
    fn extract(&self, kind: ResourceType, text: &[u8]) -> (Vec<Entry>, Instant) {
        let (mut entries, date) = SyntheticExtract.extract(kind, text);
        entries.truncate(1);
        (entries, date)
    }

    fn fingerprint(&self) -> u64 {
        2
    }
}

#[tokio::test]
async fn is_made_anew_for_another_extractor() {
    let place = tempfile::tempdir().expect("a folder");
    filled(place.path()).await;
    let store = Embedded::open(Options { extract: Arc::new(Changed), ..options(place.path()) }).expect("a store");
    assert_eq!(total(&store, "all").await, 0);
    assert!(is_there(&store, "o3").await);
    assert_eq!(clean_versions(&store).await, 301);
}

#[tokio::test]
async fn is_made_anew_when_it_is_damaged() {
    let place = tempfile::tempdir().expect("a folder");
    filled(place.path()).await;
    let mut damaged = 0;
    for file in files(&folder(place.path())) {
        let bytes = std::fs::read(&file).expect("a file");
        std::fs::write(&file, bytes.iter().map(|byte| byte ^ 0x5a).collect::<Vec<_>>()).expect("a file");
        damaged += 1;
    }
    assert!(damaged > 3, "only {damaged} files");
    let store = open(place.path());
    assert_eq!(clean_versions(&store).await, 301);
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn is_made_anew_while_the_store_serves() {
    let place = tempfile::tempdir().expect("a folder");
    let store = Arc::new(open(place.path()));
    fill(&store, 0..500).await;
    let writer = Arc::clone(&store);
    let writing = tokio::spawn(async move { fill(&writer, 500..3000).await });
    store.rebuild_index(|_| {}).await.expect("a rebuild");
    writing.await.expect("the writes");
    fill(&store, 0..100).await;
    assert_eq!(clean_versions(&store).await, 3100);
    assert_eq!(total(&store, "all").await, 3000);
    drop(store);
    let store = open(place.path());
    assert!(!folder(place.path()).exists(), "the old index is still there");
    assert_eq!(clean_versions(&store).await, 3100);
}

/// What the keys of entries begin with.
const ENTRIES: u8 = 8;

#[tokio::test]
async fn differences_are_told() {
    let place = tempfile::tempdir().expect("a folder");
    filled(place.path()).await;
    {
        let numbers = SequenceNumberCounter::default();
        let tree = Config::new(folder(place.path()), numbers.clone(), numbers.clone()).open().expect("the index");
        let last = tree.get_highest_persisted_seqno().expect("something in it");
        let first = tree.prefix([ENTRIES], last + 1, None).next().expect("an entry").key().expect("a key");
        tree.remove(first, last + 1);
        numbers.set(last + 2);
        tree.rotate_memtable();
        let lock = tree.get_flush_lock();
        tree.flush(&lock, 0).expect("the removal is on disk");
    }
    let store = open(place.path());
    let report = store.check_index(|_| {}).await.expect("a check");
    assert_eq!((report.is_clean(), report.differences), (false, 2), "{:?}", report.told);
}
