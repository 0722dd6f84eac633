//! What a file is, before SQLite has a look at it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// How a database file begins.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// Where the header says how many bytes at the end of each page are not SQLite's.
const RESERVED_AT: usize = 20;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is not there, or there is nothing in it.
    Empty,
    /// A database without checksums.
    Unsealed,
    /// A database with checksums, or nothing that this crate knows: reading it tells.
    Sealed,
}

/// Says what a file is. It reads the header alone, and so believes it: a flipped bit there can make a sealed database an unsealed one.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn state_of(path: &Path) -> std::io::Result<State> {
    let mut header = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(100).read_to_end(&mut header)?,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => 0,
        Err(e) => return Err(e),
    };
    Ok(match header.get(RESERVED_AT) {
        None if header.is_empty() => State::Empty,
        Some(0) if header.starts_with(MAGIC) => State::Unsealed,
        _ => State::Sealed,
    })
}
