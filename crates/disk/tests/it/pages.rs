//! Pages: what is read is what was written, or damage.

use disk::{PAGE_BYTES, Treatment, is_damage};
use rusqlite::Connection;

use crate::place::{Place, count, insert};

fn pages(place: &Place) -> Vec<u8> {
    std::fs::read(place.file()).expect("the file")
}

/// Reads a database whose file is these bytes.
fn read(place: &Place, bytes: &[u8]) -> rusqlite::Result<u32> {
    std::fs::write(place.file(), bytes).expect("the file");
    count(&place.again())
}

#[test]
fn every_page_notices_a_flipped_bit() {
    let place = Place::fresh();
    drop(place.filled(20));
    let whole = pages(&place);
    assert_eq!(read(&place, &whole), Ok(20));
    for page in 0..whole.len() / PAGE_BYTES {
        for byte in [100, 2000, 4090] {
            let mut bytes = whole.clone();
            bytes[page * PAGE_BYTES + byte] ^= 4;
            std::fs::write(place.file(), &bytes).expect("the file");
            let connection = place.again();
            let verdict = count(&connection).expect_err("a flipped bit was read");
            assert!(is_damage(&verdict), "page {page}, byte {byte}: {verdict}");
        }
    }
}

#[test]
fn a_page_in_another_place_is_damage() {
    let place = Place::fresh();
    drop(place.filled(20));
    let mut bytes = pages(&place);
    let (one, other) = (5 * PAGE_BYTES, 9 * PAGE_BYTES);
    bytes.copy_within(one..one + PAGE_BYTES, other);
    assert!(read(&place, &bytes).is_err_and(|e| is_damage(&e)));
}

#[test]
fn a_missing_end_is_damage() {
    let place = Place::fresh();
    drop(place.filled(20));
    let bytes = pages(&place);
    for size in [bytes.len() - PAGE_BYTES, bytes.len() - 1, PAGE_BYTES + 7] {
        assert!(read(&place, &bytes[..size]).is_err_and(|e| is_damage(&e)), "{size}");
    }
}

#[test]
fn pages_in_the_log_are_verified_too() {
    let place = Place::fresh();
    let connection = place.filled(5);
    insert(&connection, 5);
    let log = disk::log::log_of(&place.file());
    let mut bytes = std::fs::read(&log).expect("the log");
    bytes.iter_mut().skip(1000).step_by(4120).for_each(|byte| *byte ^= 1);
    std::fs::write(&log, bytes).expect("the log");
    let read = count(&place.again());
    assert!(read.as_ref().is_err_and(is_damage), "{read:?}");
}

/// The canary: without the verification, what is damaged is read.
#[test]
fn nobody_notices_without_verification() {
    let place = Place::fresh();
    drop(place.filled(20));
    let mut bytes = pages(&place);
    bytes[7 * PAGE_BYTES + 2000] ^= 1;
    disk::treat(place.file().parent().expect("a folder"), Treatment { verifies: false, watch: None });
    assert_eq!(read(&place, &bytes), Ok(20));
    disk::untreat(place.file().parent().expect("a folder"));
    assert!(count(&place.again()).is_err());
}

/// A connection of SQLite's own leaves the room for the checksum empty, and what it writes is damage to this crate.
#[test]
fn what_others_write_is_damage() {
    let place = Place::fresh();
    drop(place.filled(3));
    let other = Connection::open(place.file()).expect("a connection");
    assert_eq!(count(&other), Ok(3), "it can be read with tools of SQLite");
    insert(&other, 1);
    drop(other);
    assert!(count(&place.again()).is_err_and(|e| is_damage(&e)));
}
