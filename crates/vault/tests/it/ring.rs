//! Keyrings for tests, and what a ring does from start to start.

use std::path::Path;
use std::sync::Arc;

use vault::{Context, ErasureFile, Erasures, KeyFile, Keyring, LocalKek, Records, Sealer, VaultError, sealed};

/// The text of a key-encryption key with these versions.
pub fn kek_text(versions: &[u32]) -> String {
    versions.iter().map(|version| format!("{version} {}\n", format!("{version:02x}").repeat(32))).collect()
}

/// A key-encryption key with these versions.
pub fn kek(versions: &[u32]) -> Arc<LocalKek> {
    Arc::new(LocalKek::parse(&kek_text(versions)).unwrap())
}

/// The ring in a directory.
pub fn open(directory: &Path, versions: &[u32]) -> Result<Keyring, VaultError> {
    open_with(Arc::new(KeyFile::open(directory).unwrap()), directory, versions)
}

/// The ring with these records.
pub fn open_with(records: Arc<dyn Records>, directory: &Path, versions: &[u32]) -> Result<Keyring, VaultError> {
    let erasures: Arc<dyn Erasures> = Arc::new(ErasureFile::in_directory(directory));
    Keyring::open(kek(versions), records, erasures)
}

/// The place of a version of a patient.
pub fn at(id: &str, version: u64) -> Context<'_> {
    Context { tenant: 1, kind: "Patient", id, path: "", version }
}

/// A version of a patient, sealed with their key.
pub fn sealed_for(ring: &Keyring, id: &str) -> Vec<u8> {
    ring.sealing_key(1, Some(&format!("Patient/{id}"))).unwrap().seal(&at(id, 1), id.as_bytes()).unwrap()
}

#[test]
fn keys_outlive_the_process() {
    let directory = tempfile::tempdir().unwrap();
    let (of_tenant, of_patient, hash) = {
        let ring = open(directory.path(), &[1]).unwrap();
        let of_patient = sealed_for(&ring, "a");
        (ring.seal(&at("x", 1), b"tenant").unwrap(), of_patient, ring.keyed_hash(1, "ssn", b"1").unwrap())
    };
    let ring = open(directory.path(), &[1]).unwrap();
    assert_eq!(&*ring.open(&at("x", 1), &of_tenant).unwrap(), b"tenant");
    assert_eq!(&*ring.open(&at("a", 1), &of_patient).unwrap(), b"a");
    assert_eq!(ring.keyed_hash(1, "ssn", b"1").unwrap(), hash);
    let again = sealed_for(&ring, "a");
    assert_eq!(sealed::key_of(&again), sealed::key_of(&of_patient), "a subject has one key");
}

#[test]
fn everybody_has_a_key_of_their_own() {
    let directory = tempfile::tempdir().unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    let keys = [
        sealed::key_of(&ring.seal(&at("x", 1), b"").unwrap()),
        sealed::key_of(&ring.seal(&Context { tenant: 2, ..at("x", 1) }, b"").unwrap()),
        sealed::key_of(&sealed_for(&ring, "a")),
        sealed::key_of(&sealed_for(&ring, "b")),
        sealed::key_of(&ring.sealing_key(2, Some("Patient/a")).unwrap().seal(&at("a", 1), b"").unwrap()),
    ];
    let different: std::collections::HashSet<_> = keys.iter().map(|key| key.unwrap().id).collect();
    assert_eq!(different.len(), keys.len());
}

#[test]
fn a_form_does_not_open_elsewhere_with_another_version_or_under_another_name() {
    let directory = tempfile::tempdir().unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    let (form, other) = (sealed_for(&ring, "a"), sealed_for(&ring, "b"));
    assert_eq!(ring.open(&at("a", 2), &form), Err(VaultError::SealBroken));
    assert_eq!(ring.open(&Context { tenant: 2, ..at("a", 1) }, &form), Err(VaultError::SealBroken));
    // Another key's name before this one's content.
    let mut renamed = form.clone();
    renamed[1..13].copy_from_slice(&other[1..13]);
    assert_eq!(ring.open(&at("a", 1), &renamed), Err(VaultError::SealBroken));
    let mut unknown = form.clone();
    unknown[1..9].fill(0xee);
    assert_eq!(ring.open(&at("a", 1), &unknown), Err(VaultError::UnknownKey));
    let mut version = form;
    version[12] = 9;
    assert_eq!(ring.open(&at("a", 1), &version), Err(VaultError::UnknownKey));
}

#[test]
fn another_key_encryption_key_opens_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let form = ring_with_one(directory.path());
    let other = LocalKek::parse(&format!("1 {}", "ab".repeat(32))).unwrap();
    let records = Arc::new(KeyFile::open(directory.path()).unwrap());
    let ring = Keyring::open(Arc::new(other), records, Arc::new(ErasureFile::in_directory(directory.path()))).unwrap();
    assert_eq!(ring.open(&at("a", 1), &form), Err(VaultError::SealBroken));
}

#[test]
fn wrapped_keys_cannot_be_swapped_in_the_records() {
    let directory = tempfile::tempdir().unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    let (a, _) = (sealed_for(&ring, "a"), sealed_for(&ring, "b"));
    ring.sync().unwrap();
    drop(ring);
    let file = KeyFile::open(directory.path()).unwrap();
    let mut records: Vec<vault::Record> = file.load().unwrap().into_iter().filter_map(record).collect();
    let subjects: Vec<usize> = (0..records.len()).filter(|at| matches!(records[*at].purpose, vault::Purpose::Subject(_))).collect();
    let (first, second) = (records[subjects[0]].versions.clone(), records[subjects[1]].versions.clone());
    records[subjects[0]].versions = second;
    records[subjects[1]].versions = first;
    file.replace(&mut records.into_iter().map(vault::Item::Key)).unwrap();
    drop(file);
    assert_eq!(open(directory.path(), &[1]).unwrap().open(&at("a", 1), &a), Err(VaultError::SealBroken));
}

#[test]
fn no_patient_and_no_key_is_in_the_files_or_in_debug() {
    let directory = tempfile::tempdir().unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    sealed_for(&ring, "canary-of-a-patient");
    ring.sync().unwrap();
    let bytes = std::fs::read(directory.path().join(vault::KEYS_FILE)).unwrap();
    assert!(!bytes.windows(6).any(|window| window == b"canary"));
    let shown = format!("{:?}", KeyFile::open(directory.path()).unwrap().load().unwrap());
    assert!(!shown.contains("canary") && !shown.contains("bytes"), "{shown}");
}

/// What is left when there is a ring with one patient, whose content is given back sealed.
fn ring_with_one(directory: &Path) -> Vec<u8> {
    let ring = open(directory, &[1]).unwrap();
    let form = sealed_for(&ring, "a");
    ring.sync().unwrap();
    form
}

/// The record of an item that is one.
pub fn record(item: vault::Item) -> Option<vault::Record> {
    match item {
        vault::Item::Key(record) => Some(record),
        vault::Item::Facts(_) => None,
    }
}
