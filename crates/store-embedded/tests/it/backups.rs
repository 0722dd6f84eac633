//! Backups under load, and their restoration.

use std::sync::Arc;

use store_embedded::{StoreError, restore};

use crate::fixture::{clean_versions, fill, is_there, open, total};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn made_under_load_and_restored() {
    let place = tempfile::tempdir().expect("a folder");
    let store = Arc::new(open(&place.path().join("data")));
    fill(&store, 0..500).await;
    let writer = Arc::clone(&store);
    let writing = tokio::spawn(async move { fill(&writer, 500..4000).await });
    let backup = place.path().join("backup");
    store.backup(&backup, |_| {}).await.expect("a backup");
    assert!(matches!(store.backup(&backup, |_| {}).await, Err(StoreError::Exists(_))));
    writing.await.expect("the writes");
    assert_eq!(clean_versions(&store).await, 4000);

    let data = place.path().join("restored");
    restore(&backup, &data, None).expect("a restoration");
    let restored = open(&data);
    assert!(is_there(&restored, "o499").await, "what was acknowledged before the backup");
    let versions = clean_versions(&restored).await;
    assert!((500..=4000).contains(&versions) && versions.is_multiple_of(100), "{versions}: half a commit");
    assert_eq!(total(&restored, "all").await, versions);
    fill(&restored, 9000..9100).await;
    assert_eq!(clean_versions(&restored).await, versions + 100);
}

#[tokio::test]
async fn altered_are_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let data = place.path().join("data");
    let store = open(&data);
    fill(&store, 0..100).await;
    let backup = place.path().join("backup");
    store.backup(&backup, |_| {}).await.expect("a backup");
    assert!(matches!(restore(&backup, &data, None), Err(StoreError::InUse(_))));
    drop(store);
    assert!(matches!(restore(&backup, &data, None), Err(StoreError::Exists(_))));

    let file = backup.join("ward.sqlite3");
    let mut bytes = std::fs::read(&file).expect("the backup");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).expect("the backup");
    let fresh = place.path().join("fresh");
    assert!(matches!(restore(&backup, &fresh, None), Err(StoreError::BadBackup(_))));
    assert!(!fresh.join("ward.sqlite3").exists());
    std::fs::remove_file(backup.join("manifest.txt")).expect("the manifest");
    assert!(matches!(restore(&backup, &fresh, None), Err(StoreError::BadBackup(_))));
}
