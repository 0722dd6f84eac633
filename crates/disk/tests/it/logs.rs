//! Logs that a crash has left: an end that was not synced is no gap, a flipped bit before it is.

use disk::log::{Gap, log_of, verify};

use crate::place::{Place, count, insert};

/// A frame of the log: a page with its header.
const FRAME_BYTES: usize = 24 + disk::PAGE_BYTES;

/// A database as a killed process leaves it, in a place of its own: with its log, and with the index of that if `is_indexed`.
fn killed(is_indexed: bool) -> (Place, Vec<u8>) {
    let (place, left) = (Place::fresh(), Place::fresh());
    let connection = place.filled(3);
    insert(&connection, 6);
    let log = std::fs::read(log_of(&place.file())).expect("the log");
    std::fs::copy(place.file(), left.file()).expect("a copy");
    std::fs::write(log_of(&left.file()), &log).expect("a copy");
    if is_indexed {
        let index = |place: &Place| place.file().with_file_name("a database.sqlite3-shm");
        std::fs::copy(index(&place), index(&left)).expect("a copy");
    }
    (left, log)
}

fn gap(place: &Place, log: &[u8]) -> Option<Gap> {
    std::fs::write(log_of(&place.file()), log).expect("the log");
    verify(&place.file()).expect("a verdict")
}

#[test]
fn a_whole_log_has_no_gap() {
    for is_indexed in [false, true] {
        let (place, log) = killed(is_indexed);
        assert!(log.len() > 8 * FRAME_BYTES);
        assert_eq!(gap(&place, &log), None);
    }
    assert_eq!(verify(&Place::fresh().file()).expect("a verdict"), None);
}

#[test]
fn a_flipped_bit_is_a_gap() {
    let (place, log) = killed(true);
    for byte in (0..log.len()).step_by(397) {
        let mut log = log.clone();
        log[byte] ^= 1;
        assert!(gap(&place, &log).is_some(), "byte {byte}");
    }
}

#[test]
fn without_the_index_all_but_the_last_transaction_speak() {
    let (place, log) = killed(false);
    let ends: Vec<usize> = (0..log.len() / FRAME_BYTES).filter(|frame| log[32 + frame * FRAME_BYTES + 4..][..4] != [0; 4]).collect();
    let before_last = ends[ends.len() - 2];
    for frame in 0..log.len() / FRAME_BYTES {
        let mut log = log.clone();
        log[32 + frame * FRAME_BYTES + 1000] ^= 1;
        assert_eq!(gap(&place, &log).is_some(), frame <= before_last, "frame {frame} of {ends:?}");
    }
}

#[test]
fn an_end_that_was_not_synced_is_none() {
    let (place, log) = killed(false);
    for cut in [1, 30, FRAME_BYTES, FRAME_BYTES + 100] {
        assert_eq!(gap(&place, &log[..log.len() - cut]), None, "{cut}");
    }
    let mut torn = log.clone();
    let first_of_last = torn.len() - FRAME_BYTES;
    torn[first_of_last + 512..first_of_last + 1024].fill(0);
    assert_eq!(gap(&place, &torn), None);
}

/// The end of a frame may stand in a sector of its own, and that alone be lost.
#[test]
fn a_frame_without_the_checksum_of_its_page_was_not_synced() {
    let (place, mut log) = killed(false);
    let end = log.len();
    log[end - 8..].fill(0);
    assert_eq!(gap(&place, &log), None);
    assert_eq!(count(&place.again()).expect("rows"), 3 + 6 - 1);
}
