//! A database for each test.

use std::path::PathBuf;

use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

/// A folder with a database.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn fresh() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.0.path().join("a database.sqlite3")
    }

    pub(crate) fn open(&self) -> Connection {
        let connection = disk::open(&self.file(), OpenFlags::default()).expect("a connection");
        connection.pragma_update(None, "journal_mode", "WAL").expect("a log");
        connection
    }

    /// Another connection, to what is there.
    pub(crate) fn again(&self) -> Connection {
        disk::open(&self.file(), OpenFlags::default()).expect("a connection")
    }

    /// A database with rows of about a page each, whose log is empty.
    pub(crate) fn filled(&self, rows: u32) -> Connection {
        let connection = self.open();
        connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)").expect("a table");
        insert(&connection, rows);
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("a checkpoint");
        connection
    }
}

/// Appends rows, each in a transaction of its own.
pub(crate) fn insert(connection: &Connection, rows: u32) {
    for row in 0..rows {
        connection.execute("INSERT INTO t (text) VALUES (?1)", [format!("{row:04}").repeat(800)]).expect("a row");
    }
}

/// How many rows there are, all of them read.
pub(crate) fn count(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("SELECT count(*) FROM t WHERE length(text) > 0", [], |row| row.get(0))
}
