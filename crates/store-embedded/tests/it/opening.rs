//! Opening: again, twice, and what a newer program wrote.

use store::Store;
use store_embedded::{Embedded, StoreError};

use crate::fixture::{TENANT, clean_versions, fill, is_there, key, observation, open, options, writes};

#[tokio::test]
async fn opens_again_with_everything() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    fill(&store, 0..300).await;
    let before = store.read(TENANT, &key("o7")).await.expect("a read");
    store.close().await;
    drop(store);
    let store = open(place.path());
    assert_eq!(store.read(TENANT, &key("o7")).await.expect("a read"), before);
    assert!(is_there(&store, "o299").await);
    assert_eq!(clean_versions(&store).await, 300);
    let committed = store.commit(writes(vec![observation("o7", 8)])).await.expect("a commit");
    assert_eq!((committed.sequence, committed.versions), (4, vec![2]));
}

#[tokio::test]
async fn is_open_once() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    let second = Embedded::open(options(place.path()));
    assert!(matches!(second.map(drop), Err(StoreError::InUse(_))));
    drop(store);
    open(place.path());
}

#[tokio::test]
async fn refuses_what_a_newer_program_wrote() {
    let place = tempfile::tempdir().expect("a folder");
    drop(open(place.path()));
    let truth = disk::open(&place.path().join("ward.sqlite3"), rusqlite::OpenFlags::default()).expect("the file");
    truth.pragma_update(None, "user_version", 99).expect("a version");
    drop(truth);
    match Embedded::open(options(place.path())) {
        Err(e @ StoreError::Newer { found: 99, .. }) => assert!(e.to_string().contains("a newer one"), "{e}"),
        other => panic!("expected a refusal, got {:?}", other.map(|_| "a store")),
    }
}

#[tokio::test]
async fn answers_that_it_is_closed() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    fill(&store, 0..1).await;
    store.close().await;
    assert_eq!(store.commit(writes(Vec::new())).await, Err(store::CommitError::Closed));
    assert_eq!(store.read(TENANT, &key("o0")).await, Err(store::ReadError::Closed));
}
