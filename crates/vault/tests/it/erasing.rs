//! Legal holds, and keys that are destroyed: for good, whatever is put back.

use vault::{ERASURES_FILE, KEYS_FILE, Keyring, Sealer, VaultError};

use crate::ring::{at, open, sealed_for};

fn erase(ring: &Keyring, id: &str) -> Result<(), VaultError> {
    let key = ring.begin_erasure(1, Some(&format!("Patient/{id}")), 1_000)?;
    ring.finish_erasure(key)
}

#[test]
fn what_a_destroyed_key_sealed_is_gone_and_nothing_else_is() {
    let directory = tempfile::tempdir().unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    let (a, b) = (sealed_for(&ring, "a"), sealed_for(&ring, "b"));
    erase(&ring, "a").unwrap();
    for ring in [ring, open(directory.path(), &[1]).unwrap()] {
        assert_eq!(ring.open(&at("a", 1), &a), Err(VaultError::Destroyed));
        assert_eq!(&*ring.open(&at("b", 1), &b).unwrap(), b"b");
        assert_eq!(ring.sealing_key(1, Some("Patient/a")).err(), Some(VaultError::Destroyed));
        assert_eq!(ring.erasures(), 1);
        assert_eq!(erase(&ring, "a"), Err(VaultError::Destroyed));
    }
}

#[test]
fn between_the_two_steps_it_opens_and_seals_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    let kept = ring.sealing_key(1, Some("Patient/a")).unwrap();
    let form = kept.seal(&at("a", 1), b"a").unwrap();
    let key = ring.begin_erasure(1, Some("Patient/a"), 5).unwrap();
    assert_eq!(ring.begin_erasure(1, Some("Patient/a"), 6), Ok(key), "it goes on");
    assert_eq!(&*ring.open(&at("a", 1), &form).unwrap(), b"a");
    assert_eq!(kept.seal(&at("a", 2), b"late"), Err(VaultError::Destroyed), "by whoever had the key before");
    assert_eq!(ring.sealing_key(1, Some("Patient/a")).err(), Some(VaultError::Destroyed));
    assert_eq!(ring.hold(1, Some("Patient/a"), "late"), Err(VaultError::Destroyed));
    // Killed here: the next start finishes it.
    drop(ring);
    let ring = open(directory.path(), &[1]).unwrap();
    assert_eq!(ring.open(&at("a", 1), &form), Err(VaultError::Destroyed));
    assert_eq!(ring.erased_after(0), [key]);
    assert!(ring.is_destroyed(key));
}

#[test]
fn an_older_copy_of_the_keys_brings_nothing_back() {
    let directory = tempfile::tempdir().unwrap();
    let keys = directory.path().join(KEYS_FILE);
    let ring = open(directory.path(), &[1]).unwrap();
    let empty = std::fs::read(&keys).unwrap_or_default();
    let form = sealed_for(&ring, "a");
    ring.sync().unwrap();
    let older = std::fs::read(&keys).unwrap();
    erase(&ring, "a").unwrap();
    drop(ring);
    std::fs::write(&keys, &older).unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    assert_eq!(ring.open(&at("a", 1), &form), Err(VaultError::Destroyed));
    drop(ring);
    let bytes = std::fs::read(&keys).unwrap();
    assert!(bytes.len() < older.len(), "the wrapped key is out of the file again");
    // One of before the key was made.
    std::fs::write(&keys, &empty).unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    assert_eq!(ring.open(&at("a", 1), &form), Err(VaultError::Destroyed));
}

#[test]
fn an_older_list_of_erasures_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let list = directory.path().join(ERASURES_FILE);
    let ring = open(directory.path(), &[1]).unwrap();
    sealed_for(&ring, "a");
    sealed_for(&ring, "b");
    erase(&ring, "a").unwrap();
    let older = std::fs::read(&list).unwrap();
    erase(&ring, "b").unwrap();
    drop(ring);
    std::fs::write(&list, older).unwrap();
    assert_eq!(open(directory.path(), &[1]).err(), Some(VaultError::ErasuresBehind { found: 1, known: 2 }));
    std::fs::remove_file(&list).unwrap();
    assert_eq!(open(directory.path(), &[1]).err(), Some(VaultError::ErasuresBehind { found: 0, known: 2 }));
}

#[test]
fn a_subject_without_a_key_gets_none_later() {
    let directory = tempfile::tempdir().unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    erase(&ring, "never-seen").unwrap();
    for ring in [ring, open(directory.path(), &[1]).unwrap()] {
        assert_eq!(ring.sealing_key(1, Some("Patient/never-seen")).err(), Some(VaultError::Destroyed));
    }
}

#[test]
fn a_hold_keeps_a_key_until_it_is_released() {
    let directory = tempfile::tempdir().unwrap();
    let patient = Some("Patient/a");
    let ring = open(directory.path(), &[1]).unwrap();
    let form = sealed_for(&ring, "a");
    ring.hold(1, patient, "case 1").unwrap();
    ring.hold(1, patient, "case 2").unwrap();
    ring.hold(1, patient, "case 2").unwrap();
    drop(ring);
    let ring = open(directory.path(), &[1]).unwrap();
    assert_eq!(ring.holds(1, patient).unwrap(), ["case 1".into(), "case 2".into()]);
    assert_eq!(ring.begin_erasure(1, patient, 1), Err(VaultError::Held(2)));
    assert_eq!(ring.begin_erasure(1, None, 1), Err(VaultError::Held(2)), "a hold on one holds the tenant");
    assert!(ring.release(1, patient, "case 1").unwrap());
    assert!(!ring.release(1, patient, "case 1").unwrap());
    assert_eq!(ring.begin_erasure(1, patient, 1), Err(VaultError::Held(1)));
    ring.release(1, patient, "case 2").unwrap();
    ring.hold(1, None, "the whole").unwrap();
    assert_eq!(ring.begin_erasure(1, patient, 1), Err(VaultError::Held(1)), "a hold on the tenant holds each");
    assert_eq!(&*ring.open(&at("a", 1), &form).unwrap(), b"a");
    assert_eq!(ring.erasures(), 0);
    ring.release(1, None, "the whole").unwrap();
    erase(&ring, "a").unwrap();
    let long = "x".repeat(65);
    assert_eq!(ring.hold(1, Some("Patient/b"), &long), Err(VaultError::TooLong("the name of a hold's case")));
}

#[test]
fn a_tenant_goes_with_all_its_subjects_and_hashes() {
    let directory = tempfile::tempdir().unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    let (patient, own) = (sealed_for(&ring, "a"), ring.seal(&at("x", 1), b"x").unwrap());
    let other = ring.seal(&vault::Context { tenant: 2, ..at("x", 1) }, b"y").unwrap();
    ring.keyed_hash(1, "ssn", b"1").unwrap();
    let key = ring.begin_erasure(1, None, 1).unwrap();
    assert_eq!(ring.seal(&at("x", 2), b"late"), Err(VaultError::Destroyed));
    ring.finish_erasure(key).unwrap();
    for ring in [ring, open(directory.path(), &[1]).unwrap()] {
        assert_eq!(ring.open(&at("a", 1), &patient), Err(VaultError::Destroyed));
        assert_eq!(ring.open(&at("x", 1), &own), Err(VaultError::Destroyed));
        assert_eq!(ring.keyed_hash(1, "ssn", b"1"), Err(VaultError::Destroyed));
        assert_eq!(ring.sealing_key(1, Some("Patient/new")).err(), Some(VaultError::Destroyed));
        assert_eq!(&*ring.open(&vault::Context { tenant: 2, ..at("x", 1) }, &other).unwrap(), b"y");
        assert_eq!(ring.erased_after(0).len(), 3);
    }
}
