//! Databases of before pages had checksums.

use std::path::Path;

use rusqlite::Connection;
use store_embedded::{Embedded, FILE_NAME, StoreError, restore};

use crate::fixture::{clean_versions, fill, is_there, open, options};

/// A store whose database is as it was before pages had checksums: 300 versions, closed.
async fn old(directory: &Path) {
    let store = open(directory);
    fill(&store, 0..300).await;
    store.close().await;
    drop(store);
    unseal(&directory.join(FILE_NAME));
}

/// Takes the checksums out of a database.
fn unseal(file: &Path) {
    let old = file.with_extension("old");
    let connection = Connection::open(file).expect("a connection");
    connection.execute("VACUUM INTO ?1", [format!("file:{}?reserve=0", old.display())]).expect("a copy");
    drop(connection);
    Connection::open(&old).expect("a connection").pragma_update(None, "user_version", 2).expect("a version");
    std::fs::rename(old, file).expect("the database");
    assert_eq!(disk::state_of(file).expect("a state"), disk::State::Unsealed);
}

#[tokio::test]
async fn get_checksums_when_they_are_opened() {
    let place = tempfile::tempdir().expect("a folder");
    old(place.path()).await;
    std::fs::write(place.path().join(format!("{FILE_NAME}.sealing")), "half a copy").expect("a file");
    let store = open(place.path());
    assert_eq!(disk::state_of(&place.path().join(FILE_NAME)).expect("a state"), disk::State::Sealed);
    assert_eq!(clean_versions(&store).await, 300);
    fill(&store, 300..400).await;
    drop(store);
    let store = open(place.path());
    assert!(is_there(&store, "o7").await && is_there(&store, "o399").await);
    assert!(!place.path().join(format!("{FILE_NAME}.sealing")).exists());
}

#[tokio::test]
async fn get_checksums_when_they_are_restored() {
    let place = tempfile::tempdir().expect("a folder");
    let (data, backup) = (place.path().join("data"), place.path().join("backup"));
    old(&data).await;
    std::fs::create_dir(&backup).expect("a folder");
    let database = std::fs::read(data.join(FILE_NAME)).expect("the database");
    let hash = xxhash_rust::xxh3::xxh3_128(&database);
    let manifest = format!("ward backup 2\nuntil 0\ncommits none\nbytes {}\ncontent {hash:032x}\n", database.len());
    let manifest = format!("{manifest}seal {:032x}\n", xxhash_rust::xxh3::xxh3_128(manifest.as_bytes()));
    std::fs::write(backup.join("manifest.txt"), manifest).expect("a manifest");
    std::fs::write(backup.join(FILE_NAME), database).expect("a backup");
    let restored = place.path().join("restored");
    restore(&backup, &restored, None).expect("a restoration");
    assert_eq!(disk::state_of(&restored.join(FILE_NAME)).expect("a state"), disk::State::Sealed);
    assert_eq!(clean_versions(&open(&restored)).await, 300);
}

/// A flipped bit in the header does not make a database one without checksums.
#[tokio::test]
async fn are_told_from_damaged_ones() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    fill(&store, 0..100).await;
    store.close().await;
    drop(store);
    let file = place.path().join(FILE_NAME);
    let mut bytes = std::fs::read(&file).expect("the database");
    assert_eq!(bytes[20], 8);
    bytes[20] = 0;
    std::fs::write(&file, bytes).expect("the database");
    let refused = Embedded::open(options(place.path())).map(drop);
    assert!(matches!(refused, Err(StoreError::Damaged(_))), "{refused:?}");
}

/// SQLite would make an empty database in the place of one that is gone, and remove its log.
#[tokio::test]
async fn a_log_alone_is_no_new_database() {
    let place = tempfile::tempdir().expect("a folder");
    let store = open(place.path());
    fill(&store, 0..100).await;
    let left = tempfile::tempdir().expect("a folder");
    crate::fixture::copy(place.path(), left.path());
    std::fs::write(left.path().join(FILE_NAME), "").expect("the database");
    let refused = Embedded::open(options(left.path())).map(drop);
    assert!(matches!(refused, Err(StoreError::Damaged(_))), "{refused:?}");
}
