//! Bodies sealed anew: content and versions stay, old keys go, and whoever is erased stays erased.

use vault::sealed::{KeyVersion, key_of};

use super::*;
use crate::fixture::{fill, is_there};

/// Seals everything anew, and gives how many bodies that were.
async fn resealed(store: &Arc<Embedded>) -> u64 {
    let (mut after, mut done) = (0, 0);
    loop {
        let store = Arc::clone(store);
        let some = tokio::task::spawn_blocking(move || store.reseal(after)).await.expect("it ends").expect("bodies");
        assert!(some.through > after || some.left == 0, "it goes on: {some:?}");
        (after, done) = (some.through, done + some.done);
        if some.left == 0 {
            return done;
        }
    }
}

fn versions_of_keys(rows: &[(i64, Vec<u8>)]) -> std::collections::BTreeSet<Option<u32>> {
    rows.iter().map(|(_, body)| key_of(body).map(|KeyVersion { version, .. }| version)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_in_clear_and_what_an_old_key_seals_is_sealed_anew() {
    let place = tempfile::tempdir().expect("a folder");
    let data = place.path().join("data");
    let store = crate::fixture::open(&data);
    // Enough for a dictionary.
    fill(&store, 0..1_200).await;
    store.commit(writes(vec![observation("a", Some("p1"), "one"), observation("b", None, "two")])).await.expect("a commit");
    store.commit(writes(vec![observation("a", Some("p1"), "three")])).await.expect("a commit");
    let trained = async {
        while store.stats().expect("figures").dictionary == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), trained).await.expect("a dictionary");
    fill(&store, 1_200..1_300).await;
    let before = text(&store, "a").await.expect("a text");
    drop(store);
    assert_eq!(versions_of_keys(&bodies(&data, "")), [None].into());

    let (store, keys) = sealed(place.path());
    let store = Arc::new(store);
    assert_eq!(resealed(&store).await, 1_303);
    assert_eq!(resealed(&store).await, 0, "nothing is left");
    assert_eq!((store.sealing().expect("figures").sealed, text(&store, "a").await), (1_303, Some(before.clone())));
    let first = store.vread(TENANT, &key("a"), 1).await.expect("a read").expect("a version");
    assert!(first.text().is_some() && is_there(&store, "o7").await);
    assert_eq!(clean_versions(&store).await, 1_303);
    assert_eq!(bodies(&data, "").len(), 1_303);
    let dictionaries = disk::open(&data.join(store_embedded::FILE_NAME), rusqlite::OpenFlags::default()).expect("the database");
    let numbers: (i64, i64) = dictionaries
        .query_row("SELECT count(*), min(number) FROM dictionaries", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("dictionaries");
    assert_eq!(numbers, (1, 2), "the one from before is gone");
    drop(dictionaries);

    // The tenant's key gets another version; the patient's has no other.
    keys.rotate_tenant(TENANT.0).expect("a version");
    assert_eq!(keys.raise_tenant_minimum(TENANT.0, 2, &*store).map_err(|e| e.code()), Err(vault::codes::VERSION_IN_USE));
    while keys.rewrap(100).expect("keys").left > 0 {}
    assert_eq!(resealed(&store).await, 1_301, "all but the patient's two");
    keys.raise_tenant_minimum(TENANT.0, 2, &*store).expect("nothing is sealed with the first");
    drop(store);
    let (store, _keys) = {
        drop(keys);
        sealed(place.path())
    };
    assert_eq!((text(&store, "a").await, is_there(&store, "o1299").await), (Some(before), true));
    assert_eq!(clean_versions(&store).await, 1_303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sealed_for_somebody_who_is_being_erased() {
    let place = tempfile::tempdir().expect("a folder");
    let store = crate::fixture::open(&place.path().join("data"));
    store.commit(writes(vec![observation("a", Some("p1"), "one"), observation("b", Some("p2"), "two")])).await.expect("a commit");
    drop(store);
    let (store, keys) = sealed(place.path());
    let store = Arc::new(store);
    keys.begin_erasure(TENANT.0, Some("Patient/p1"), 1).expect("an erasure");
    assert_eq!(resealed(&store).await, 1);
    assert_eq!(store.sealing().expect("figures").sealed, 1);
    assert!(text(&store, "a").await.is_some(), "it is removed by whoever erases it");
}

#[tokio::test]
async fn without_keys_nothing_is_done() {
    let place = tempfile::tempdir().expect("a folder");
    let store = Arc::new(crate::fixture::open(place.path()));
    store.commit(writes(vec![observation("a", None, "one")])).await.expect("a commit");
    assert_eq!(resealed(&store).await, 0);
}
