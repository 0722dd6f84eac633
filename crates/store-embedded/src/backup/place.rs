//! Where the files of a continuous backup are.
//!
//! ```text
//! chain-0001/               segments that follow each other without a gap, from the first on
//!   newest.txt              which segment is the newest
//!   0000000001/             a stretch: a base, and the segments from this number on
//!     base, base.txt
//!     0000000001.segment
//!     0000000002.segment
//! ```

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::sealed::{self, Draft, Seal, bad};
use super::segment;
use crate::error::Result;

const KIND: &str = "ward newest 1";

/// The chains in a folder, by their numbers.
pub(crate) fn chains(place: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    numbered(place, "chain-")
}

/// The path of a chain.
pub(crate) fn chain(place: &Path, number: u64) -> PathBuf {
    place.join(format!("chain-{number:04}"))
}

/// The stretches of a chain, by the numbers of their first segments.
pub(crate) fn stretches(chain: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    numbered(chain, "")
}

/// The path of a stretch.
pub(crate) fn stretch(chain: &Path, first: u64) -> PathBuf {
    chain.join(format!("{first:010}"))
}

fn numbered(folder: &Path, prefix: &str) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let number = path.file_name().and_then(|name| name.to_str()?.strip_prefix(prefix)?.parse().ok());
        found.extend(number.map(|number| (number, path)));
    }
    found.sort_unstable();
    Ok(found)
}

/// The path that a segment has, or would have.
pub(crate) fn segment(stretches: &[(u64, PathBuf)], number: u64) -> Option<PathBuf> {
    let (_, folder) = stretches.iter().rev().find(|(first, _)| *first <= number)?;
    Some(segment::path_in(folder, number))
}

/// The newest segment of a chain; its number is 0 and its seal that of the chain before there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Newest {
    pub(crate) number: u64,
    pub(crate) seal: Seal,
}

impl Newest {
    /// What a chain says.
    pub(crate) fn read(chain: &Path, is_trusted: bool) -> Result<Self> {
        let path = chain.join("newest.txt");
        let bytes = std::fs::read(&path).map_err(|e| bad(&path, &format!("it cannot be read: {e}")))?;
        let fields = sealed::open_whole(&path, KIND, &bytes, is_trusted)?;
        Ok(Self { number: fields.number("number")?, seal: fields.hash("is")? })
    }

    /// Says it of a chain, durably.
    pub(crate) fn write(self, chain: &Path) -> Result<()> {
        let (text, _) = Draft::new(KIND).line("number", self.number).line("is", format!("{:032x}", self.seal)).sealed();
        Ok(sealed::write_whole(&chain.join("newest.txt"), &[text.as_bytes()])?)
    }
}

/// Removes a folder that may not be there.
pub(crate) fn remove(folder: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}
