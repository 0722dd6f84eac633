//! Backups under load, and their restoration.

use std::sync::Arc;

use parking_lot::Mutex;
use store::Store;
use store_embedded::{StoreError, restore};

use crate::fixture::{TENANT, clean_versions, fill, open};
use crate::ledger::{Acknowledged, assert_same, last_commit, made_of, perform, rows};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn made_under_load_and_restored() {
    let place = tempfile::tempdir().expect("a folder");
    let store = Arc::new(open(&place.path().join("data")));
    let done = Arc::new(Mutex::new(Acknowledged::new()));
    perform(&store, 0..100, &done).await;
    let (writer, noted) = (Arc::clone(&store), Arc::clone(&done));
    let writing = tokio::spawn(async move { perform(&writer, 100..900, &noted).await });
    let backup = place.path().join("backup");
    store.backup(&backup, |_| {}).await.expect("a backup");
    assert!(matches!(store.backup(&backup, |_| {}).await, Err(StoreError::Exists(_))));
    writing.await.expect("the writes");
    clean_versions(&store).await;

    let data = place.path().join("restored");
    let commits = last_commit(&restore(&backup, &data, None).expect("a restoration"));
    assert!((100..=900).contains(&commits), "what was acknowledged before the backup, and nothing else: {commits}");
    // Every row: versions, claims, balances, numbers, jobs, events, cursors.
    let acknowledged = done.lock().clone();
    assert_same(&rows(&data), &made_of(&acknowledged, commits).await);
    let restored = open(&data);
    assert_eq!(restored.next_number(TENANT, "acts").await, Ok(commits + 1));
    let versions = clean_versions(&restored).await;
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
