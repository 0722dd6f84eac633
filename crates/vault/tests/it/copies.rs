//! Copies of the keys and of the list of erasures: whole, in the place of the one before, and never of other erasures.

use vault::copies::{copy, has_keys, newest_erasures};
use vault::{ERASURES_FILE, KEYS_FILE, VaultError};

use crate::ring::{open, sealed_for};

#[test]
fn a_copy_takes_the_place_of_the_one_before() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert_eq!(copy(KEYS_FILE, from.path(), to.path()), Ok(false), "there is nothing yet");
    let ring = open(from.path(), &[1]).unwrap();
    sealed_for(&ring, "a");
    ring.sync().unwrap();
    assert_eq!((copy(KEYS_FILE, from.path(), to.path()), copy(KEYS_FILE, from.path(), to.path())), (Ok(true), Ok(false)));
    assert!(has_keys(to.path()));
    // A key that was destroyed is in no copy any more.
    let before = std::fs::read(to.path().join(KEYS_FILE)).unwrap();
    let id = ring.begin_erasure(1, Some("Patient/a"), 5).unwrap();
    ring.finish_erasure(id).unwrap();
    assert_eq!(copy(KEYS_FILE, from.path(), to.path()), Ok(true));
    assert!(std::fs::read(to.path().join(KEYS_FILE)).unwrap().len() < before.len());
    assert_eq!(std::fs::read_dir(to.path()).unwrap().count(), 1, "no draft is left");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(to.path().join(KEYS_FILE)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(matches!(copy(KEYS_FILE, from.path(), &to.path().join("missing")), Err(VaultError::Records(_))));
}

#[test]
fn the_longer_list_of_the_same_erasures_counts() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ring = open(one.path(), &[1]).unwrap();
    ring.begin_erasure(1, Some("Patient/a"), 5).unwrap();
    assert_eq!(newest_erasures(one.path(), other.path()), Ok(true));
    ring.begin_erasure(1, Some("Patient/b"), 6).unwrap();
    assert_eq!(newest_erasures(other.path(), one.path()), Ok(false), "the older one counts for nothing");
    assert_eq!((newest_erasures(one.path(), other.path()), newest_erasures(one.path(), other.path())), (Ok(true), Ok(false)));
    let text = |folder: &tempfile::TempDir| std::fs::read_to_string(folder.path().join(ERASURES_FILE)).unwrap();
    assert_eq!((text(&one).lines().count(), text(&one)), (2, text(&other)));
}

#[test]
fn lists_of_other_erasures_are_refused() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for place in [&one, &other] {
        open(place.path(), &[1]).unwrap().begin_erasure(1, Some("Patient/a"), 5).unwrap();
    }
    let before = std::fs::read(other.path().join(ERASURES_FILE)).unwrap();
    assert!(matches!(newest_erasures(one.path(), other.path()), Err(VaultError::Records(_))));
    assert_eq!(std::fs::read(other.path().join(ERASURES_FILE)).unwrap(), before);
    std::fs::write(other.path().join(ERASURES_FILE), "altered\n").unwrap();
    assert!(matches!(newest_erasures(one.path(), other.path()), Err(VaultError::Records(_))));
}
