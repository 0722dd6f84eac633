//! Opens a journal: the files that were there stay as they are, and a new one is begun.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::Recovered;
use super::format::{self, FileId};
use super::reader::Reader;

/// What a folder has.
pub(super) struct Opened {
    /// The file that is written to from now on.
    pub(super) id: FileId,
    pub(super) file: File,
    /// How long the others are together.
    pub(super) bytes: u64,
    pub(super) recovered: Recovered,
}

/// Looks at the files of a folder and begins the next one.
pub(super) fn open(folder: &Path) -> io::Result<Opened> {
    let numbers = format::numbers(folder)?;
    let mut recovered = Recovered { files: numbers.len(), unreadable: Vec::new() };
    let (mut journal, mut bytes) = (None, 0);
    for &number in &numbers {
        let path = format::path(folder, number);
        bytes += std::fs::metadata(&path)?.len();
        match Reader::open(&path)? {
            Some(reader) => journal = Some(reader.id().journal),
            None => recovered.unreadable.push(number),
        }
    }
    let journal = match journal {
        Some(journal) => journal,
        None => fresh()?,
    };
    let id = FileId { journal, number: numbers.last().map_or(1, |last| last + 1) };
    let file = create(folder, id)?;
    Ok(Opened { id, file, bytes, recovered })
}

/// Begins a file: its header and its name are on the disk when this returns.
pub(super) fn create(folder: &Path, id: FileId) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).open(id.path(folder))?;
    file.write_all_at(&id.header(), 0)?;
    file.sync_all()?;
    File::open(folder)?.sync_all()?;
    Ok(file)
}

/// What no other journal has.
fn fresh() -> io::Result<u64> {
    let mut bytes = [0; 8];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| io::Error::other("there is no randomness"))?;
    Ok(u64::from_le_bytes(bytes))
}
