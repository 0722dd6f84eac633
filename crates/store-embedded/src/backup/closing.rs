//! A note in the data directory: the store was closed in good order, with all of its log in the backup and written back.
//!
//! By it the next start knows that the backup can go on with the new log. Whatever has changed the database meanwhile has also changed the file's time or size;
//! then the backup begins anew, as it does when the note is lost.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::sealed::{self, Draft, Seal};
use crate::error::Result;

const KIND: &str = "ward closed 1";

fn path_of(database: &Path) -> PathBuf {
    database.with_extension("closed")
}

/// The size of the database and when it was changed, in nanoseconds.
fn mark(database: &Path) -> std::io::Result<(u64, i128)> {
    let meta = std::fs::metadata(database)?;
    Ok((meta.size(), i128::from(meta.mtime()) * 1_000_000_000 + i128::from(meta.mtime_nsec())))
}

/// Notes that everything is in the backup, whose last segment has this seal.
pub(crate) fn note(database: &Path, seal: Seal) -> Result<()> {
    let (size, changed) = mark(database)?;
    let (text, _) = Draft::new(KIND).line("size", size).line("changed", changed).line("segment", format!("{seal:032x}")).sealed();
    Ok(sealed::write_whole(&path_of(database), &[text.as_bytes()])?)
}

/// The seal that was noted; `None` when nothing was, or the database was changed since.
pub(crate) fn seal_of(database: &Path) -> Option<Seal> {
    let path = path_of(database);
    let bytes = std::fs::read(&path).ok()?;
    let fields = sealed::open_whole(&path, KIND, &bytes, false).ok()?;
    let is_same = (fields.number("size").ok()?, fields.number("changed").ok()?) == mark(database).ok()?;
    is_same.then(|| fields.hash("segment").ok())?
}
