//! Makes the log that a process has left durable, before anybody believes it.
//!
//! A process that dies between writing a transaction and syncing it leaves a log that SQLite recovers with that transaction: the system still has
//! what was written, in memory. Whoever reads it then sees what the next power loss takes away.

use std::fs::File;
use std::io::{Error, ErrorKind, Result};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::log_of;
use crate::treatment::{self, Call, Treatment, Verdict};

/// How many bytes are written at once.
const CHUNK_BYTES: usize = 1 << 20;

/// Writes the log of a database that no connection writes to once more, each byte to its place, and syncs it. A log that is not there needs nothing.
///
/// A sync alone would not do: after one that has failed, the system may take what it could not write for written, and says so to the next.
///
/// # Errors
/// When the file is there and cannot be read, written or synced.
pub fn sync(database: &Path) -> Result<()> {
    let path = log_of(database);
    let file = match File::options().read(true).write(true).open(&path) {
        Ok(file) => file,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(e),
    };
    let size = file.metadata()?.len();
    if size == 0 {
        return Ok(());
    }
    let treatment = treatment::of(&path);
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut offset = 0;
    while offset < size {
        let count = chunk.len().min((size - offset) as usize);
        let (bytes, _) = chunk.split_at_mut(count);
        file.read_exact_at(bytes, offset)?;
        if is_to_be_done(&treatment, &path, Call::Write { offset, bytes })? {
            file.write_all_at(bytes, offset)?;
        }
        offset += count as u64;
    }
    if is_to_be_done(&treatment, &path, Call::Sync)? {
        file.sync_all()?;
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
    }
    Ok(())
}

/// What a test's disk says to a call.
fn is_to_be_done(treatment: &Treatment, path: &Path, call: Call<'_>) -> Result<bool> {
    match treatment.watch.as_ref().map_or(Verdict::Proceed, |watch| watch.before(path, call)) {
        Verdict::Proceed => Ok(true),
        Verdict::Pretend => Ok(false),
        Verdict::Fail | Verdict::Full(_) => Err(Error::other("the log cannot be written")),
    }
}
