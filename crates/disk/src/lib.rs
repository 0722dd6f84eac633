//! SQLite on a disk that may lie: every page of a database ends with a checksum, which each read verifies.
//!
//! SQLite believes what it reads. A bit that a disk has flipped in a row's text, or a page that it has put in the wrong place,
//! would go out as an answer. So this crate stands between SQLite and the files of the system (a "VFS" in SQLite's words):
//!
//! - [`open`]: a connection whose pages are sealed when they are written, to the database or its log, and verified when they are
//!   read. A page that is not what was written is the error [`is_damage`], never data.
//! - [`state_of`]: whether a file is such a database, before SQLite has a look at it.
//! - [`log::verify`]: whether the log that a crash has left lacks something in its middle. SQLite takes the first
//!   frame that is not whole for the end of the log, and drops in silence what was acknowledged after it.
//! - [`log::sync`]: makes that log durable, before what a dead process did not sync is read from it.
//! - [`treat`]: how tests watch the calls of a database, make them fail and switch the verification off; with the feature `faults`,
//!   `faults::Faults` is a disk that loses what was not synced.
//!
//! Nothing else about SQLite is changed: locks, shared memory and syncs are those of the system's own VFS. The crate knows nothing of Ward.

#[cfg(feature = "faults")]
pub mod faults;
pub mod log;
mod page;
mod shape;
mod state;
mod treatment;
mod vfs;

use std::path::Path;

use rusqlite::{Connection, OpenFlags, ffi};

pub use page::{PAGE_BYTES, Page, is_sound, sealed, unseal};
pub use state::{State, state_of};
pub use treatment::{Call, Treatment, Verdict, Watch, treat, untreat};

/// Opens a connection that seals and verifies pages. A database that it makes has room for the checksums in its pages from the start.
///
/// # Errors
/// Whatever SQLite says. A file that is no sealed database ([`state_of`]) is damaged to this connection, as soon as it is read.
pub fn open(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags_and_vfs(path, flags, vfs::name()?)?;
    reserve(&connection)?;
    Ok(connection)
}

/// Has SQLite leave the end of each page to the checksum, in a database that it is going to make.
fn reserve(connection: &Connection) -> rusqlite::Result<()> {
    let mut bytes = page::SUM_BYTES as std::ffi::c_int;
    // SAFETY: the handle is that of an open connection, which outlives the call; `main` is a C string; SQLITE_FCNTL_RESERVE_BYTES reads and
    // writes one int at the pointer, which is that of a living variable.
    let code = unsafe {
        ffi::sqlite3_file_control(connection.handle(), c"main".as_ptr(), ffi::SQLITE_FCNTL_RESERVE_BYTES, (&raw mut bytes).cast())
    };
    if code == ffi::SQLITE_OK { Ok(()) } else { Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)) }
}

/// Copies a database, whose pages need no checksums, into a new file, whose pages have them. The copy is not synced.
///
/// # Errors
/// When the new file is there, and whatever SQLite says: then a part of it may be.
pub fn copy_sealed(from: &Connection, to: &Path) -> rusqlite::Result<()> {
    let name = vfs::name()?.to_string_lossy();
    let path: String = to.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let address = format!("file:{path}?vfs={name}&reserve={}", page::SUM_BYTES);
    from.execute("VACUUM INTO ?1", [address]).map(drop)
}

/// Whether an error says that what was read is not what was written: by a page's checksum, or by SQLite's own checks.
pub fn is_damage(error: &rusqlite::Error) -> bool {
    let rusqlite::Error::SqliteFailure(failure, _) = error else { return false };
    failure.extended_code == ffi::SQLITE_IOERR_DATA
        || matches!(failure.code, ffi::ErrorCode::DatabaseCorrupt | ffi::ErrorCode::NotADatabase)
}
