//! The truth: one SQLite file with every commit and every version. It is all that a backup needs.
//!
//! One connection writes, on the writer's thread; a pool of others reads. Nothing here knows of the index.

pub(crate) mod bodies;
pub(crate) mod dictionary;
pub(crate) mod erased_keys;
pub(crate) mod feed;
pub(crate) mod guarded;
pub(crate) mod log;
pub(crate) mod migrations;
pub(crate) mod pool;
pub(crate) mod resealing;
pub(crate) mod sealing;
pub(crate) mod sql;
pub(crate) mod wal;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, ffi};

use crate::error::Result;
use crate::folder;
use crate::options::Options;

/// The name of the file in the data directory.
pub const FILE: &str = "ward.sqlite3";

/// To how many bytes the write-ahead log is cut when it is begun anew.
const LOG_BYTES: u32 = 64 << 20;

/// How long the writer waits for a lock that another connection holds.
pub(crate) const BUSY_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(10);

/// The writer's page cache, in KiB.
const WRITER_CACHE_KIB: i64 = 8192;

/// How many statements the writer keeps prepared: more than there are.
const STATEMENTS: usize = 64;

/// The path of the truth in a data directory.
pub(crate) fn path_in(directory: &Path) -> PathBuf {
    directory.join(FILE)
}

/// Opens the connection that writes, and makes or brings up to date the schema.
pub(crate) fn open_writer(path: &Path, options: &Options) -> Result<Connection> {
    sealing::prepare(path)?;
    if options.syncs_log {
        // What a dead process has written and not synced is in it: nobody is to see that before no power loss can take it back.
        disk::log::sync(path)?;
    }
    let mut connection = disk::open(path, OpenFlags::default())?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.busy_timeout(BUSY_TIMEOUT)?;
    set_journal(&connection, "wal")?;
    connection.pragma_update(None, "synchronous", if options.sync { "FULL" } else { "NORMAL" })?;
    // The writer does that, once the log is in the backup, and does not pass over a sync that fails: see `writer::write_ahead`.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
    // What is erased is overwritten with zeros, and so is every page that becomes free.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    migrations::migrate(&mut connection, &*options.on_migration)?;
    if meta(&connection, "instance")?.is_none() {
        set_meta(&connection, "instance", new_instance())?;
    }
    // SQLite syncs the folder of a new log, and passes over it when that fails.
    folder::sync(path.parent().unwrap_or(Path::new(".")))?;
    Ok(connection)
}

/// Lets the database have a write-ahead log (`wal`), or a file of its own that it is whole without (`delete`).
///
/// SQLite names the new mode before it tells whether the change went well, and goes on in the old one when it did not: what is committed then is
/// not safe from a power failure. So it is heard out, and asked again.
pub(crate) fn set_journal(connection: &Connection, mode: &str) -> Result<()> {
    connection.pragma(None, "journal_mode", mode, |_| Ok(()))?;
    let found: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    if found == mode {
        return Ok(());
    }
    Err(std::io::Error::other(format!("the database stays in journal mode {found}, and has to be in {mode}")).into())
}

/// Whether something failed for want of room: SQLite has a code of its own for it when the index of its log cannot grow.
pub(crate) fn is_full(e: &rusqlite::Error) -> bool {
    e.sqlite_error().is_some_and(|e| e.code == ErrorCode::DiskFull || e.extended_code == ffi::SQLITE_IOERR_SHMSIZE)
}

/// A fact about the file; `None` when it was never set.
pub(crate) fn meta(connection: &Connection, name: &str) -> Result<Option<i64>> {
    Ok(connection.prepare_cached(sql::GET_META)?.query_row([name], |row| row.get(0)).optional()?)
}

/// Sets a fact about the file.
pub(crate) fn set_meta(connection: &Connection, name: &str, value: i64) -> Result<()> {
    connection.prepare_cached(sql::SET_META)?.execute((name, value))?;
    Ok(())
}

/// A number that no other file has: the index names it, and so is not taken for that of another file.
pub(crate) fn new_instance() -> i64 {
    use std::hash::{BuildHasher, Hasher};
    let mut hasher = std::hash::RandomState::new().build_hasher();
    hasher.write_u32(std::process::id());
    hasher.write_u128(std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos()));
    hasher.finish() as i64
}
