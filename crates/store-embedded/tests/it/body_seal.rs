//! Bodies that are sealed: read by nobody without the keys, and by nobody at all once a key is destroyed.
//!
//! - [`anew`]: sealed anew, with other keys.
//! - [`erased`]: what a destroyed key does to a database, and to its backups.

mod anew;
mod erased;

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use store::Store;
use store::commit::{CommitError, Conflict, Key, Put};
use store::entry::{Entry, EntryValue, Local, Param, Token};
use store::owners::Owners;
use store_embedded::{BodySeal, Embedded, Options, StoreError};
use vault::{ErasureFile, InUse, KeyFile, Keyring, LocalKek, VaultError};

use crate::fixture::{TENANT, body_of, clean_versions, key, options, total, writes};

/// Whose an observation is, by its entry for `patient`.
struct ByPatient;

impl Owners for ByPatient {
    fn owner(&self, _: &Key, entries: &[Entry]) -> Option<Key> {
        entries.iter().find_map(|entry| match &entry.value {
            EntryValue::Local(local) => {
                Some(Key::new(fhir::definitions::ResourceType::parse("Patient")?, local.target.strip_prefix("Patient/")?))
            }
            _ => None,
        })
    }
}

fn keys(directory: &Path) -> Result<Arc<Keyring>, VaultError> {
    std::fs::create_dir_all(directory).expect("a folder");
    let kek = LocalKek::parse(&format!("1 {}", "5a".repeat(32))).expect("a key");
    let records = Arc::new(KeyFile::open(directory)?);
    Ok(Arc::new(Keyring::open(Arc::new(kek), records, Arc::new(ErasureFile::in_directory(directory)))?))
}

/// A seal with the keys of a folder.
pub(crate) fn body_seal(directory: &Path) -> BodySeal {
    BodySeal { keys: keys(directory).expect("keys"), owners: Arc::new(ByPatient) }
}

fn sealing(directory: &Path, keys: &Arc<Keyring>) -> Options {
    let seal = BodySeal { keys: Arc::clone(keys), owners: Arc::new(ByPatient) };
    Options { body_seal: Some(seal), ..options(directory) }
}

/// A store and its keys, in their folders.
fn sealed(place: &Path) -> (Embedded, Arc<Keyring>) {
    let keys = keys(&place.join("keys")).expect("keys");
    (Embedded::open(sealing(&place.join("data"), &keys)).expect("a store that opens"), keys)
}

/// An observation of a patient, or of nobody, with a code.
fn observation(id: &str, patient: Option<&str>, code: &str) -> Put {
    let entry = |code: &str, value| Entry { param: Param::of("Observation", code), value };
    let mut entries = vec![entry("code", EntryValue::Token(Token { code: code.into(), system: "urn:codes".into() }))];
    entries.extend(patient.map(|id| entry("patient", EntryValue::Local(Local { target: format!("Patient/{id}").into() }))));
    Put { body: body_of(&key(id), &entries, 1), key: key(id), entries, date: 1, extractor: 0 }
}

async fn text(store: &Embedded, id: &str) -> Option<Vec<u8>> {
    store.read(TENANT, &key(id)).await.expect("a read").and_then(|version| version.text().map(|text| text.to_vec()))
}

fn bodies(directory: &Path, change: &str) -> Vec<(i64, Vec<u8>)> {
    let connection = disk::open(&directory.join(store_embedded::FILE_NAME), rusqlite::OpenFlags::default()).expect("the database");
    if !change.is_empty() {
        connection.execute_batch(change).expect("a change");
    }
    listed(&connection)
}

fn listed(connection: &Connection) -> Vec<(i64, Vec<u8>)> {
    let mut statement = connection.prepare("SELECT row, body FROM versions WHERE body IS NOT NULL ORDER BY row").expect("a statement");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
    rows.map(|row| row.expect("a row")).collect()
}

#[tokio::test]
async fn what_was_written_is_read_and_found_and_is_nowhere_in_clear() {
    let place = tempfile::tempdir().expect("a folder");
    let (store, _keys) = sealed(place.path());
    store.commit(writes(vec![observation("a", Some("p1"), "one"), observation("b", None, "two")])).await.expect("a commit");
    store.commit(writes(vec![observation("a", Some("p1"), "three")])).await.expect("a commit");
    let before = text(&store, "a").await.expect("a text");
    drop(store);
    let rows = bodies(&place.path().join("data"), "");
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|(_, body)| vault::sealed::key_of(body).is_some()));
    let (store, _keys) = sealed(place.path());
    assert_eq!(text(&store, "a").await.as_deref(), Some(&before[..]));
    assert_eq!((total(&store, "three").await, total(&store, "two").await, total(&store, "one").await), (1, 1, 0));
    assert_eq!(clean_versions(&store).await, 3);
    let first = store.vread(TENANT, &key("a"), 1).await.expect("a read").expect("a version");
    assert!(first.text().is_some());
    // The index is made anew from what is sealed.
    store.rebuild_index(|_| {}).await.expect("a new index");
    assert_eq!((total(&store, "three").await, clean_versions(&store).await), (1, 3));
}

#[tokio::test]
async fn without_the_keys_it_does_not_open() {
    let place = tempfile::tempdir().expect("a folder");
    let (store, _keys) = sealed(place.path());
    store.commit(writes(vec![observation("a", Some("p1"), "one")])).await.expect("a commit");
    drop(store);
    let data = place.path().join("data");
    assert!(matches!(Embedded::open(options(&data)), Err(StoreError::Keys(VaultError::UnknownKey))));
    // Other keys, which know nothing of these.
    let others = keys(&place.path().join("others")).expect("keys");
    let store = Embedded::open(sealing(&data, &others)).expect("a store that opens");
    let error = store.read(TENANT, &key("a")).await.expect_err("another's keys");
    assert!(error.to_string().contains("a key of them is not here"), "{error}");
}

#[tokio::test]
async fn what_was_written_before_is_read_as_it_is() {
    let place = tempfile::tempdir().expect("a folder");
    let data = place.path().join("data");
    let store = Embedded::open(options(&data)).expect("a store that opens");
    store.commit(writes(vec![observation("old", Some("p1"), "one")])).await.expect("a commit");
    drop(store);
    let (store, _keys) = sealed(place.path());
    store.commit(writes(vec![observation("new", Some("p1"), "one")])).await.expect("a commit");
    assert!(text(&store, "old").await.is_some() && text(&store, "new").await.is_some());
    drop(store);
    let sealed: Vec<bool> = bodies(&data, "").iter().map(|(_, body)| vault::sealed::key_of(body).is_some()).collect();
    assert_eq!(sealed, [false, true]);
}

#[tokio::test]
async fn bodies_cannot_be_swapped() {
    let place = tempfile::tempdir().expect("a folder");
    let (store, _keys) = sealed(place.path());
    for id in ["a", "b", "c"] {
        store.commit(writes(vec![observation(id, Some("p1"), "one")])).await.expect("a commit");
    }
    store.commit(writes(vec![observation("c", Some("p1"), "two")])).await.expect("a commit");
    drop(store);
    // a's body in b's place, and c's first version in that of its second.
    let swap = "UPDATE versions SET body = (SELECT body FROM versions WHERE row = 1) WHERE row = 2;
                UPDATE versions SET body = (SELECT body FROM versions WHERE row = 3) WHERE row = 4;";
    bodies(&place.path().join("data"), swap);
    let (store, _keys) = sealed(place.path());
    for id in ["b", "c"] {
        let error = store.read(TENANT, &key(id)).await.expect_err("a swapped body");
        assert!(error.to_string().contains("sealed for another place"), "{error}");
    }
    assert!(text(&store, "a").await.is_some());
}

#[tokio::test]
async fn the_engine_knows_which_versions_of_a_key_are_in_use() {
    let place = tempfile::tempdir().expect("a folder");
    let (store, keys) = sealed(place.path());
    store.commit(writes(vec![observation("a", None, "one"), observation("p", Some("p1"), "one")])).await.expect("a commit");
    keys.rotate_tenant(TENANT.0).expect("a new version");
    store.commit(writes(vec![observation("b", None, "one")])).await.expect("a commit");
    while keys.rewrap(10).expect("wrapped again").left > 0 {}
    assert_eq!(keys.raise_tenant_minimum(TENANT.0, 2, &store), Err(VaultError::VersionInUse { minimum: 2, lowest: 1 }));
    store.commit(store::commit::Commit { erase: vec![erase("a")], ..writes(Vec::new()) }).await.expect("an erase");
    keys.raise_tenant_minimum(TENANT.0, 2, &store).expect("nothing needs the first version");
    store.forget_texts();
    assert!(text(&store, "b").await.is_some() && text(&store, "p").await.is_some());
    assert_eq!(store.lowest(vault::KeyId(9)), Ok(None));
}

fn erase(id: &str) -> store::commit::Erase {
    store::commit::Erase { key: key(id), extent: store::commit::Extent::All }
}

#[tokio::test]
async fn nothing_is_written_for_somebody_who_was_erased() {
    let place = tempfile::tempdir().expect("a folder");
    let (store, keys) = sealed(place.path());
    let id = keys.begin_erasure(TENANT.0, Some("Patient/p1"), 1).expect("an erasure");
    for _ in 0..2 {
        let refused = store.commit(writes(vec![observation("a", Some("p1"), "one")])).await.expect_err("a refusal");
        let CommitError::Conflict(conflict) = refused else { panic!("{refused:?}") };
        assert!(matches!(*conflict, Conflict::Erased(key) if key.to_string() == "Patient/p1"));
        keys.finish_erasure(id).ok();
    }
    store.commit(writes(vec![observation("a", Some("p2"), "one")])).await.expect("another patient's");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dictionary_holds_nobodys_content() {
    let place = tempfile::tempdir().expect("a folder");
    let (store, _keys) = sealed(place.path());
    let resource = |number: u64| {
        let head = format!("{{\"resourceType\":\"Observation\",\"id\":\"d{number}\",\"meta\":{{");
        let code = "\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"8867-4\",\"display\":\"Heart rate of a body\"}]";
        let rest = format!(
            "}},\"status\":\"final\",\"code\":{{{code}}},\"subject\":{{\"display\":\"Annabel Canary\"}},\"valueInteger\":{number}}}"
        );
        let body = store::commit::Body { text: format!("{head}{rest}").into(), stamp_at: head.len() as u32 };
        Put { key: key(&format!("d{number}")), body, entries: Vec::new(), date: 1, extractor: 0 }
    };
    let mut number = 0;
    while store.stats().expect("figures").dictionary == 0 {
        store.commit(writes((number..number + 100).map(resource).collect())).await.expect("a commit");
        number += 100;
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        assert!(number < 100_000, "there is a dictionary at last");
    }
    store.commit(writes(vec![resource(number)])).await.expect("a commit");
    assert!(text(&store, &format!("d{number}")).await.is_some());
    drop(store);
    let connection =
        disk::open(&place.path().join("data").join(store_embedded::FILE_NAME), rusqlite::OpenFlags::default()).expect("the database");
    let dictionary: Vec<u8> = connection.query_row("SELECT bytes FROM dictionaries", [], |row| row.get(0)).expect("a dictionary");
    let has = |text: &str| dictionary.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("Heart rate of a body"), "it is good for something");
    assert!(!has("Annabel") && !has("Canary") && !has("d1"));
}
