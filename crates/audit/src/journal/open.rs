//! Opens a journal: the files that were there stay as they are, and a new one is begun.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::format::{self, FileId};
use super::reader::Reader;
use super::seal::Seal;
use super::{Recovered, Settings};

/// What a folder has.
pub(super) struct Opened {
    /// The file that is written to from now on.
    pub(super) id: FileId,
    pub(super) file: File,
    /// With what its rows, and those of the files after it, are sealed.
    pub(super) seal: Option<Seal>,
    /// How long the others are together.
    pub(super) bytes: u64,
    pub(super) recovered: Recovered,
}

/// Looks at the files of a folder and begins the next one.
pub(super) fn open(settings: &Settings) -> io::Result<Opened> {
    let (folder, keys) = (&*settings.folder, settings.keys.as_deref());
    let numbers = format::numbers(folder)?;
    let mut recovered = Recovered { files: numbers.len(), unreadable: Vec::new() };
    let (mut journal, mut bytes) = (None, 0);
    for &number in &numbers {
        let path = format::path(folder, number);
        bytes += std::fs::metadata(&path)?.len();
        match Reader::open(&path, keys)? {
            Some(reader) => journal = Some(reader.id().journal),
            None => recovered.unreadable.push(number),
        }
    }
    let journal = match journal {
        Some(journal) => journal,
        None => fresh()?,
    };
    let id = FileId { journal, number: numbers.last().map_or(1, |last| last + 1) };
    let seal = keys.filter(|_| settings.is_sealed).map(Seal::new).transpose()?;
    let file = create(folder, id, seal.as_ref())?;
    Ok(Opened { id, file, seal, bytes, recovered })
}

/// Begins a file: its head and its name are on the disk when this returns.
pub(super) fn create(folder: &Path, id: FileId, seal: Option<&Seal>) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).open(id.path(folder))?;
    file.write_all_at(&id.head(seal), 0)?;
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
