//! A copy of the truth as it is at one moment, with a manifest that tells whether it is still what it was.

use std::fs::File;
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use xxhash_rust::xxh3::Xxh3;

use super::sealed::{self, Draft, bad};
use super::segment::Reached;
use super::until::Until;
use crate::error::{Result, StoreError};
use crate::options::Progress;
use crate::truth::{self, pool};

/// How many pages are copied between two reports of progress.
const PAGES: i32 = 4096;

/// The name of the manifest in a backup's folder.
const MANIFEST: &str = "manifest.txt";

const KIND: &str = "ward backup 2";

/// Copies the database of the data directory `directory` into the new folder `to`, with a manifest. Another process may have it open
/// and write.
///
/// The copy is made within one read transaction: it is the database as it was when that began, whatever is written
/// meanwhile, and the write-ahead log grows until it is done.
///
/// # Errors
/// [`StoreError::Exists`] when the folder is there; whatever reading and writing says.
pub fn backup(directory: &Path, to: &Path, on_progress: &mut dyn FnMut(Progress)) -> Result<()> {
    if to.exists() {
        return Err(StoreError::Exists(to.to_owned()));
    }
    crate::folder::make(to)?;
    let copy = truth::path_in(to);
    let source = pool::open_reader(&truth::path_in(directory))?;
    source.execute_batch("BEGIN")?;
    let reached = Reached::read(&source)?;
    copy_pages(&source, &copy, on_progress)?;
    source.execute_batch("COMMIT")?;
    let (bytes, hash) = hash(&copy)?;
    let draft = reached.draft(Draft::new(KIND)).line("bytes", bytes).line("content", format!("{hash:032x}"));
    let (text, _) = draft.sealed();
    Ok(sealed::write_whole(&to.join(MANIFEST), &[text.as_bytes()])?)
}

fn copy_pages(source: &Connection, copy: &Path, on_progress: &mut dyn FnMut(Progress)) -> Result<()> {
    let mut target = disk::open(copy, OpenFlags::default())?;
    {
        let backup = Backup::new(source, &mut target)?;
        while backup.step(PAGES)? != StepResult::Done {
            let pages = backup.progress();
            let (total, left) = (u64::from(pages.pagecount.unsigned_abs()), u64::from(pages.remaining.unsigned_abs()));
            on_progress(Progress { done: total.saturating_sub(left), total });
        }
    }
    // Without a log of its own, the one file is all there is.
    truth::set_journal(&target, "delete")?;
    target.close().map_err(|(_, e)| e)?;
    Ok(File::open(copy)?.sync_all()?)
}

/// The size and the hash of a file.
fn hash(path: &Path) -> std::io::Result<(u64, u128)> {
    use std::io::Read;
    let mut file = File::open(path)?;
    let mut hasher = Xxh3::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok((bytes, hasher.digest128()));
        }
        bytes += count as u64;
        hasher.update(buffer.get(..count).unwrap_or_default());
    }
}

/// Whether a folder has a copy, whole or not.
pub(super) fn is_in(folder: &Path) -> bool {
    folder.join(MANIFEST).exists() || truth::path_in(folder).exists()
}

/// Writes the database of the copy in a folder into the file `draft`.
pub(super) fn unpack(folder: &Path, draft: &Path, until: Option<Until>, is_trusted: bool) -> Result<()> {
    let manifest = folder.join(MANIFEST);
    let bytes = std::fs::read(&manifest).map_err(|e| bad(&manifest, &format!("it cannot be read: {e}")))?;
    let fields = sealed::open_whole(&manifest, KIND, &bytes, is_trusted)?;
    let reached = Reached::of(&fields, &manifest)?;
    if !until.is_none_or(|until| until.admits(&reached)) {
        return Err(StoreError::NoSuchMoment { earliest: Some(reached.at) });
    }
    let copy = truth::path_in(folder);
    std::fs::copy(&copy, draft).map_err(|e| bad(&copy, &format!("it cannot be read: {e}")))?;
    let is_whole = hash(draft)? == (fields.number("bytes")?, fields.hash("content")?);
    if !is_trusted && !is_whole {
        return Err(bad(&copy, "it is not what was written"));
    }
    Ok(())
}
