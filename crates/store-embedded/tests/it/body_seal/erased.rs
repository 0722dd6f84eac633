//! What a destroyed key does to a database, and to its backups.

use store::Store;
use store::commit::Commit;
use store::query::{Content, HistoryQuery, Scope};
use store_embedded::{Embedded, StoreError, restore};
use vault::VaultError;

use super::{erase, keys, observation, sealed, sealing, text};
use crate::fixture::{NOW, TENANT, clean_versions, key, total, writes};

async fn three(store: &Embedded) {
    let put = vec![observation("a", Some("p1"), "one"), observation("b", Some("p2"), "one"), observation("c", None, "one")];
    store.commit(writes(put)).await.expect("a commit");
    store.commit(writes(vec![observation("a", Some("p1"), "two")])).await.expect("a commit");
}

async fn history(store: &Embedded) -> Vec<(String, Content)> {
    let query = HistoryQuery { tenant: TENANT, scope: Scope::System, since: None, until: None, before: None, most_bytes: None, count: 10 };
    let page = store.history(&query).await.expect("a history");
    page.versions.into_iter().map(|version| (version.key.id.to_string(), version.content)).collect()
}

/// Nothing of the first patient is left, and everything of the others is.
async fn is_erased(store: &Embedded) {
    assert_eq!(store.read(TENANT, &key("a")).await, Ok(None));
    assert_eq!(store.vread(TENANT, &key("a"), 1).await, Ok(None));
    assert_eq!((total(store, "one").await, total(store, "two").await), (2, 0));
    assert!(text(store, "b").await.is_some() && text(store, "c").await.is_some());
    assert_eq!(history(store).await.len(), 2);
    clean_versions(store).await;
}

#[tokio::test]
async fn an_older_backup_brings_nothing_back() {
    let place = tempfile::tempdir().expect("a folder");
    let (store, ring) = sealed(place.path());
    three(&store).await;
    let backup = place.path().join("backup");
    store.backup(&backup, |_| {}).await.expect("a backup");
    // As it is done: begun, the record removed, the key destroyed.
    let id = ring.begin_erasure(TENANT.0, Some("Patient/p1"), 1).expect("an erasure");
    assert!(text(&store, "a").await.is_some(), "whoever removes it has to find it");
    store.commit(Commit { erase: vec![erase("a")], ..writes(Vec::new()) }).await.expect("an erase");
    ring.finish_erasure(id).expect("the key is destroyed");
    store.forget_texts();
    is_erased(&store).await;
    drop(store);
    let restored = place.path().join("restored");
    restore(&backup, &restored, None).expect("a restoration");
    for _ in 0..2 {
        let ring = keys(&place.path().join("keys")).expect("keys");
        let store = Embedded::open(sealing(&restored, &ring)).expect("a store that opens");
        is_erased(&store).await;
        store.commit(writes(vec![observation("d", Some("p2"), "one")])).await.expect("it goes on");
        store.commit(Commit { erase: vec![erase("d")], ..writes(Vec::new()) }).await.expect("an erase");
    }
}

#[tokio::test]
async fn an_erasure_that_was_interrupted_is_finished_at_the_next_start() {
    let place = tempfile::tempdir().expect("a folder");
    let (store, ring) = sealed(place.path());
    three(&store).await;
    ring.begin_erasure(TENANT.0, Some("Patient/p1"), 1).expect("an erasure");
    drop((store, ring));
    let (store, _ring) = sealed(place.path());
    is_erased(&store).await;
}

#[tokio::test]
async fn what_an_erase_did_not_find_answers_as_deleted() {
    let place = tempfile::tempdir().expect("a folder");
    let (store, ring) = sealed(place.path());
    // It was the first patient's, and is another's now.
    store.commit(writes(vec![observation("a", Some("p1"), "one")])).await.expect("a commit");
    store.commit(writes(vec![observation("a", Some("p2"), "two")])).await.expect("a commit");
    let id = ring.begin_erasure(TENANT.0, Some("Patient/p1"), 1).expect("an erasure");
    ring.finish_erasure(id).expect("the key is destroyed");
    store.forget_texts();
    let first = store.vread(TENANT, &key("a"), 1).await.expect("a read").expect("a version");
    assert_eq!(first.content, Content::Deleted);
    let listed = history(&store).await;
    assert_eq!(listed.iter().filter(|(_, content)| *content == Content::Deleted).count(), 1);
    assert!(text(&store, "a").await.is_some());
    drop((store, ring));
    let (store, _ring) = sealed(place.path());
    assert_eq!(store.vread(TENANT, &key("a"), 1).await, Ok(None));
    assert!(text(&store, "a").await.is_some());
    assert_eq!((total(&store, "two").await, clean_versions(&store).await), (1, 2));
}

#[tokio::test]
async fn a_list_of_erasures_that_is_older_than_the_database_is_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let (folder, data) = (place.path().join("keys"), place.path().join("data"));
    let (store, ring) = sealed(place.path());
    three(&store).await;
    drop(store);
    let older = tempfile::tempdir().expect("a folder");
    crate::fixture::copy(&folder, older.path());
    let id = ring.begin_erasure(TENANT.0, Some("Patient/p1"), 1).expect("an erasure");
    ring.finish_erasure(id).expect("the key is destroyed");
    is_erased(&Embedded::open(sealing(&data, &ring)).expect("a store that opens")).await;
    drop(ring);
    // Keys and list of before: they agree with each other, and the database knows better.
    let ring = keys(older.path()).expect("keys");
    let refused = Embedded::open(sealing(&data, &ring)).err();
    assert!(matches!(refused, Some(StoreError::Keys(VaultError::ErasuresBehind { found: 0, known: 1 }))), "{refused:?}");
}

#[tokio::test]
async fn a_search_at_a_moment_of_the_past_finds_nothing_by_it() {
    let place = tempfile::tempdir().expect("a folder");
    let ring = keys(&place.path().join("keys")).expect("keys");
    let clock = std::sync::Arc::new(store::suite::ManualClock::new(NOW));
    let options = store_embedded::Options { clock: clock.clone(), ..sealing(&place.path().join("data"), &ring) };
    let store = Embedded::open(options).expect("a store that opens");
    store.commit(writes(vec![observation("a", Some("p1"), "one"), observation("b", Some("p2"), "one")])).await.expect("a commit");
    clock.set(NOW + 10);
    store.commit(writes(vec![observation("a", Some("p2"), "two")])).await.expect("a commit");
    let then = store::query::Query { as_of: Some(NOW + 5), ..crate::fixture::coded("one") };
    assert_eq!(store.search(&then).await.expect("a search").total, Some(2));
    let id = ring.begin_erasure(TENANT.0, Some("Patient/p1"), 1).expect("an erasure");
    ring.finish_erasure(id).expect("the key is destroyed");
    store.forget_texts();
    let answer = store.search(&then).await.expect("a search");
    assert_eq!((answer.total, answer.matches.len()), (Some(1), 1));
}
