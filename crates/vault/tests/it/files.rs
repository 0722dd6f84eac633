//! The file of keys and the list of erasures: cut off, damaged, altered.

use std::path::Path;

use vault::{ERASURES_FILE, Erasure, ErasureFile, Erasures, KEYS_FILE, KeyFile, KeyId, Records, VaultError};

use crate::ring::{at, open, sealed_for};
use vault::Sealer;

fn length(directory: &Path) -> usize {
    std::fs::metadata(directory.join(KEYS_FILE)).unwrap().len() as usize
}

#[test]
fn a_file_cut_off_anywhere_in_its_last_frame_has_all_that_was_synced_before() {
    let directory = tempfile::tempdir().unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    let first = sealed_for(&ring, "a");
    ring.sync().unwrap();
    let before = length(directory.path());
    let second = sealed_for(&ring, "b");
    ring.sync().unwrap();
    drop(ring);
    let path = directory.path().join(KEYS_FILE);
    let whole = std::fs::read(&path).unwrap();
    assert!(whole.len() > before);
    for end in before..whole.len() {
        std::fs::write(&path, &whole[..end]).unwrap();
        let ring = open(directory.path(), &[1]).unwrap();
        assert_eq!(&*ring.open(&at("a", 1), &first).unwrap(), b"a", "cut at {end}");
        assert_eq!(ring.open(&at("b", 1), &second), Err(VaultError::UnknownKey));
        // What follows is where it was cut, and is found again.
        let third = sealed_for(&ring, "c");
        ring.sync().unwrap();
        drop(ring);
        assert_eq!(&*open(directory.path(), &[1]).unwrap().open(&at("c", 1), &third).unwrap(), b"c");
    }
}

#[test]
fn damage_before_the_last_frame_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    sealed_for(&ring, "a");
    ring.sync().unwrap();
    let end = length(directory.path());
    sealed_for(&ring, "b");
    ring.sync().unwrap();
    drop(ring);
    let path = directory.path().join(KEYS_FILE);
    let whole = std::fs::read(&path).unwrap();
    // The lengths of frames (bytes 12 to 15 here) may make a cut of a damage: then keys are missing, and what they sealed says so.
    for byte in (0..12).chain(16..end) {
        let mut damaged = whole.clone();
        damaged[byte] ^= 0x10;
        std::fs::write(&path, &damaged).unwrap();
        let error = open(directory.path(), &[1]).err();
        assert!(matches!(&error, Some(VaultError::Records(what)) if what.contains("damaged")), "byte {byte}: {error:?}");
    }
}

#[test]
fn the_list_of_erasures_is_only_added_to() {
    let directory = tempfile::tempdir().unwrap();
    let list = ErasureFile::in_directory(directory.path());
    let entry =
        |number: u64| Erasure { key: KeyId(number), tenant: 1, subject: number.is_multiple_of(2).then_some([number as u8; 16]), at_ms: 5 };
    let all: Vec<Erasure> = (1..=4).map(entry).collect();
    all.iter().for_each(|entry| list.append(entry).unwrap());
    assert_eq!(list.load().unwrap(), all);

    let path = directory.path().join(ERASURES_FILE);
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let without_second = [lines[0], lines[2], lines[3]].join("\n") + "\n";
    let swapped = [lines[1], lines[0], lines[2], lines[3]].join("\n") + "\n";
    let changed = text.replacen(" 1 ", " 2 ", 1);
    for altered in [without_second, swapped, changed] {
        std::fs::write(&path, &altered).unwrap();
        assert!(matches!(list.load(), Err(VaultError::Records(_))), "{altered}");
        assert!(matches!(list.append(&entry(9)), Err(VaultError::Records(_))));
    }
    // A line that was being written when the process died is not one, and the next takes its place.
    std::fs::write(&path, format!("{text}0000")).unwrap();
    assert_eq!(list.load().unwrap(), all);
    list.append(&entry(5)).unwrap();
    assert_eq!(list.load().unwrap().len(), 5);
}

#[test]
fn what_was_replaced_is_not_in_the_file_any_more() {
    let directory = tempfile::tempdir().unwrap();
    let ring = open(directory.path(), &[1]).unwrap();
    sealed_for(&ring, "a");
    ring.sync().unwrap();
    drop(ring);
    let file = KeyFile::open(directory.path()).unwrap();
    let wrapped = file.load().unwrap().into_iter().filter_map(crate::ring::record).map(|record| record.versions[0].1.bytes.clone());
    let wrapped: Vec<Vec<u8>> = wrapped.collect();
    file.replace(&mut std::iter::empty()).unwrap();
    let bytes = std::fs::read(directory.path().join(KEYS_FILE)).unwrap();
    assert_eq!(wrapped.len(), 3);
    assert!(wrapped.iter().all(|wrapped| !bytes.windows(wrapped.len()).any(|window| window == wrapped)));
}

#[test]
fn two_may_read_and_one_may_write() {
    let directory = tempfile::tempdir().unwrap();
    let first = open(directory.path(), &[1]).unwrap();
    let second = open(directory.path(), &[1]).unwrap();
    let form = sealed_for(&first, "a");
    first.sync().unwrap();
    let says = |error: VaultError, what: &str| assert!(error.to_string().contains(what), "{error}");
    says(second.sealing_key(1, Some("Patient/b")).expect_err("the first one writes"), "written by another process");
    says(second.begin_erasure(1, None, 1).expect_err("the first one writes"), "written by another process");
    assert!(!directory.path().join(ERASURES_FILE).exists());
    let reader = open(directory.path(), &[1]).unwrap();
    assert_eq!(&*reader.open(&at("a", 1), &form).unwrap(), b"a");
    drop(first);
    // It knows the file as it was before the first one wrote.
    says(second.sealing_key(1, Some("Patient/b")).expect_err("a changed file"), "changed by another process");
    reader.sealing_key(1, Some("Patient/b")).unwrap();
}
