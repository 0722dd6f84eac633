//! The index of a log, as a process has left it in the file that it shared with others.
//!
//! SQLite itself throws it away when it recovers a log. Its header is as in the format's description, in the byte order of the machine; it is there
//! twice, and has a checksum, so that one that was written in part is not believed.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::beside;

/// The size of the header.
const HEADER_BYTES: usize = 48;

/// The version of the format.
const VERSION: u32 = 3_007_000;

/// How many frames of the log with this salt were counted, and so are synced; 0 when the index does not tell.
pub(super) fn synced_frames(database: &Path, salt: [u8; 8]) -> u64 {
    let mut headers = [0; 2 * HEADER_BYTES];
    let read = File::open(beside(database, "-shm")).and_then(|mut file| file.read_exact(&mut headers));
    let (header, copy) = headers.split_at(HEADER_BYTES);
    if read.is_err() || header != copy {
        return 0;
    }
    let (words, _) = header.as_chunks::<4>();
    let word = |at: usize| words.get(at).copied().map_or(0, u32::from_ne_bytes);
    let is_whole = sum(words) == (word(10), word(11)) && word(0) == VERSION;
    let is_of_log = header.get(32..40) == Some(&salt[..]);
    if is_whole && is_of_log { u64::from(word(4)) } else { 0 }
}

/// The checksum of a header.
fn sum(words: &[[u8; 4]]) -> (u32, u32) {
    let numbers: Vec<u32> = words.iter().take(10).map(|word| u32::from_ne_bytes(*word)).collect();
    numbers.as_chunks::<2>().0.iter().fold((0_u32, 0_u32), |(first, second), [a, b]| {
        let first = first.wrapping_add(*a).wrapping_add(second);
        (first, second.wrapping_add(*b).wrapping_add(first))
    })
}
