//! A backup made into a database again.

use std::fs::File;
use std::path::Path;

use rusqlite::OpenFlags;
use store::commit::{Instant, Sequence, Tenant};

use super::segment::Reached;
use super::until::Until;
use super::{copy, place, replay};
use crate::error::{Result, StoreError};
use crate::truth::{self, migrations, sealing};

/// How far the commits of a restored database are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// When the last commit was; 0 when there was none.
    pub at: Instant,
    /// The last commit of each tenant.
    pub commits: Vec<(Tenant, Sequence)>,
}

/// Puts the backup in the folder `from` into the data directory `directory`, which has no database yet: a copy as it is, a continuous backup as it was
/// at a moment, or with all it has. The index is made when the store is opened.
///
/// # Errors
/// [`StoreError::BadBackup`] when the backup is not what it was when it was made, [`StoreError::NoSuchMoment`] when it begins later than `until`,
/// [`StoreError::Exists`] when the directory has a database, [`StoreError::Newer`] when a newer program made the backup; whatever reading and writing says.
/// The directory is then without a database, as before.
pub fn restore(from: &Path, directory: &Path, until: Option<Until>) -> Result<Restored> {
    restore_as(from, directory, until, false)
}

/// The same, without looking whether the backup is what it was. Only a test that must fail without it calls this.
///
/// # Errors
/// As for [`restore`].
#[doc(hidden)]
pub fn restore_unverified(from: &Path, directory: &Path, until: Option<Until>) -> Result<Restored> {
    restore_as(from, directory, until, true)
}

fn restore_as(from: &Path, directory: &Path, until: Option<Until>, is_trusted: bool) -> Result<Restored> {
    crate::folder::make(directory)?;
    let _lock = crate::engine::lock(directory)?;
    let target = truth::path_in(directory);
    if target.exists() {
        return Err(StoreError::Exists(target));
    }
    let draft = directory.join("ward.sqlite3.restoring");
    remove(&draft);
    let restored = unpack(from, &draft, until, is_trusted).and_then(|()| verify(&draft, is_trusted)).and_then(|restored| {
        File::open(&draft)?.sync_all()?;
        std::fs::rename(&draft, &target)?;
        File::open(directory)?.sync_all()?;
        Ok(restored)
    });
    if restored.is_err() {
        remove(&draft);
    }
    restored
}

fn unpack(from: &Path, draft: &Path, until: Option<Until>, is_trusted: bool) -> Result<()> {
    if copy::is_in(from) {
        return copy::unpack(from, draft, until, is_trusted);
    }
    if place::chains(from)?.is_empty() {
        return Err(StoreError::BadBackup(format!("{} has no backup: neither a manifest nor a chain", from.display())));
    }
    replay::unpack(from, draft, until, is_trusted)
}

/// Looks whether the database is one, and makes it another than the one it is a copy of: no index of that one is taken for its own.
fn verify(draft: &Path, is_trusted: bool) -> Result<Restored> {
    sealing::prepare(draft)?;
    let connection = disk::open(draft, OpenFlags::default())?;
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > migrations::NEWEST {
        return Err(StoreError::Newer { found, known: migrations::NEWEST });
    }
    let verdict: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" && !is_trusted {
        return Err(StoreError::BadBackup("SQLite finds its database damaged".to_owned()));
    }
    let Reached { at, commits } = Reached::read(&connection)?;
    truth::set_meta(&connection, "instance", truth::new_instance())?;
    // Without a log of its own, the one file is all there is.
    truth::set_journal(&connection, "delete")?;
    connection.close().map_err(|(_, e)| e)?;
    Ok(Restored { at, commits })
}

/// Removes a database that did not become one, with what SQLite may have put beside it.
fn remove(draft: &Path) {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut path = draft.as_os_str().to_owned();
        path.push(ending);
        std::fs::remove_file(path).ok();
    }
}
