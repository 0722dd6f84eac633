//! Why a store could not be opened, checked, rebuilt, backed up or restored.

use std::fmt;
use std::path::PathBuf;

use store::commit::Instant;
use store::{CommitError, ReadError};

use crate::truth;

/// Why something done to a whole store failed.
#[derive(Debug)]
pub enum StoreError {
    /// Another process, or another part of this one, has the data directory open.
    InUse(PathBuf),
    /// The file was written by a newer version of this program.
    Newer {
        /// The file's version.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// The clock is farther from the newest commit than [`crate::ClockBounds`] allow: in milliseconds since 1970.
    Clock {
        /// When the newest commit was, by the clock of then.
        newest: store::commit::Instant,
        /// What the clock says now.
        now: store::commit::Instant,
    },
    /// A file could not be read or written.
    Io(std::io::Error),
    /// SQLite failed.
    Truth(rusqlite::Error),
    /// The disk has no room for the index, and what it says.
    NoRoom(String),
    /// The tree of the index failed.
    Index(lsm_tree::Error),
    /// Data that cannot be: the file is damaged, and what is wrong.
    Damaged(String),
    /// The database lacks versions that were acknowledged: its index has them.
    Lost {
        /// The number of versions in the database.
        found: u64,
        /// How many the index has seen.
        known: u64,
    },
    /// The content of a version was erased after it was found, and before it was read: who asks again finds what is there now.
    Erased,
    /// The content of a version cannot be read any more: its key was destroyed.
    Destroyed,
    /// Bodies are sealed, and cannot be opened or sealed.
    Keys(vault::VaultError),
    /// A search asks for more than equality of what the index has as keyed hashes.
    Sealed,
    /// A backup is not what it was when it was made, and what differs.
    BadBackup(String),
    /// A backup has nothing that is as old as what was asked for.
    NoSuchMoment {
        /// The time of the oldest commit up to which it can restore, in milliseconds since 1970; `None` when it cannot restore anything yet.
        earliest: Option<Instant>,
    },
    /// The target of a backup or a restore is already there.
    Exists(PathBuf),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::InUse(path) => {
                write!(f, "{} is in use by another process: stop it, or choose another data directory", path.display())
            }
            StoreError::Newer { found, known } => {
                write!(
                    f,
                    "the database has schema {found}, and this program knows schemas up to {known}: use the program that wrote it, or a newer one"
                )
            }
            StoreError::Clock { newest, now } => {
                let (newest, now) = (fhir::primitive::instant_text(*newest), fhir::primitive::instant_text(*now));
                write!(f, "the clock says {now}, and the newest commit is of {newest}: one of the two is wrong")
            }
            StoreError::Io(e) => write!(f, "input or output failed: {e}"),
            StoreError::Truth(e) => write!(f, "the database failed: {e}"),
            StoreError::Index(e) => write!(f, "the index failed: {e}; deleting its folder makes the next start rebuild it"),
            StoreError::NoRoom(what) => write!(f, "the index cannot be written: {what}; make room on the disk"),
            StoreError::Damaged(what) => write!(f, "the database is damaged: {what}; restore a backup"),
            StoreError::Lost { found, known } => write!(
                f,
                "the database has {found} versions, and its index has seen {known}: what was acknowledged is missing; restore a backup, or, \
                 if an older database was put here on purpose, remove the folder of the index"
            ),
            StoreError::Erased => f.write_str("a version was erased while it was read: ask again"),
            StoreError::Destroyed => f.write_str("the key of a version was destroyed: its content is erased"),
            StoreError::Keys(vault::VaultError::UnknownKey) => {
                f.write_str("the database has sealed bodies, and a key of them is not here: start with the file of keys that belongs to it")
            }
            StoreError::Keys(e) => write!(f, "sealed bodies: {e}"),
            StoreError::Sealed => f.write_str(
                "a search asks for the order or a part of values that the index has as keyed hashes (seal_index): ask for whole values",
            ),
            StoreError::BadBackup(what) => write!(f, "the backup is not whole: {what}"),
            StoreError::NoSuchMoment { earliest: None } => f.write_str("the backup has no whole copy of the database yet"),
            StoreError::NoSuchMoment { earliest: Some(earliest) } => {
                write!(f, "the backup begins at {}: ask for that moment or a later one", fhir::primitive::instant_text(*earliest))
            }
            StoreError::Exists(path) => write!(f, "{} already exists: choose another place, or move it away", path.display()),
        }
    }
}

impl std::error::Error for StoreError {}

impl StoreError {
    /// Whether it failed for want of room on the disk: it may go well once there is some.
    pub fn is_full(&self) -> bool {
        match self {
            StoreError::Io(e) | StoreError::Index(lsm_tree::Error::Io(e)) => e.kind() == std::io::ErrorKind::StorageFull,
            StoreError::Truth(e) => truth::is_full(e),
            StoreError::NoRoom(_) => true,
            _ => false,
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(e: std::io::Error) -> Self {
        StoreError::Io(e)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(e: rusqlite::Error) -> Self {
        if disk::is_damage(&e) { StoreError::Damaged("a page of it is not what was written".to_owned()) } else { StoreError::Truth(e) }
    }
}

impl From<lsm_tree::Error> for StoreError {
    fn from(e: lsm_tree::Error) -> Self {
        StoreError::Index(e)
    }
}

impl From<StoreError> for ReadError {
    fn from(e: StoreError) -> Self {
        ReadError::Engine(e.to_string())
    }
}

impl From<StoreError> for CommitError {
    fn from(e: StoreError) -> Self {
        CommitError::Engine(e.to_string())
    }
}

/// What comes back from an act on a whole store.
pub type Result<T> = std::result::Result<T, StoreError>;
