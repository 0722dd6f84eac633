//! Looks at the files before SQLite does: a database without checksums gets them, and a log that lacks something is told.

use std::fs::File;
use std::path::Path;

use disk::State;
use rusqlite::Connection;

use super::migrations;
use crate::error::{Result, StoreError};
use crate::truth;

/// Makes a database one whose pages have checksums, if it is of a schema that had none.
///
/// # Errors
/// [`StoreError::Damaged`] when SQLite would pass over in silence that something is missing: a database without content that has a log, a log that
/// is not whole. [`StoreError::Newer`] as at opening.
pub(crate) fn prepare(path: &Path) -> Result<()> {
    let log = disk::log::log_of(path);
    match disk::state_of(path)? {
        State::Empty if std::fs::metadata(&log).is_ok_and(|meta| meta.len() > 0) => {
            return Err(StoreError::Damaged("its file is missing or empty, and has a write-ahead log".to_owned()));
        }
        State::Empty => return Ok(()),
        State::Unsealed => return seal(path),
        State::Sealed => {}
    }
    match disk::log::verify(path)? {
        Some(gap) => Err(StoreError::Damaged(gap.to_string())),
        None => Ok(()),
    }
}

/// Copies a database into one with checksums, which takes its place. A copy that was not finished is made again.
fn seal(path: &Path) -> Result<()> {
    let connection = Connection::open(path)?;
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > migrations::NEWEST {
        return Err(StoreError::Newer { found, known: migrations::NEWEST });
    }
    if found >= migrations::SEALED {
        return Err(StoreError::Damaged("its header says that its pages have no checksums, and they must have".to_owned()));
    }
    tracing::info!("the database gets checksums: it is copied once");
    // With that, its log is written back and gone.
    truth::set_journal(&connection, "delete")?;
    let draft = path.with_file_name(format!("{}.sealing", path.file_name().unwrap_or_default().to_string_lossy()));
    if draft.exists() {
        std::fs::remove_file(&draft)?;
    }
    disk::copy_sealed(&connection, &draft)?;
    connection.close().map_err(|(_, e)| e)?;
    File::open(&draft)?.sync_all()?;
    std::fs::rename(&draft, path)?;
    match path.parent() {
        Some(folder) => Ok(File::open(folder)?.sync_all()?),
        None => Ok(()),
    }
}
