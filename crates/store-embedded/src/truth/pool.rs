//! Connections for readers: opened when one is wanted and none is idle, up to a bound.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use parking_lot::{Condvar, Mutex};
use rusqlite::{Connection, OpenFlags};

/// How many readers may be in SQLite at once; more wait their turn.
const MOST: usize = 16;

/// How many statements a connection keeps prepared: more than there are.
const STATEMENTS: usize = 48;

/// A reader's share of SQLite's page cache, in KiB.
const CACHE_KIB: i64 = 2048;

pub(crate) struct Pool {
    path: PathBuf,
    state: Mutex<State>,
    returned: Condvar,
}

struct State {
    idle: Vec<Connection>,
    open: usize,
}

/// A connection on loan: it goes back when this is dropped.
pub(crate) struct Reader<'a> {
    pool: &'a Pool,
    connection: Option<Connection>,
}

impl Pool {
    pub(crate) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), state: Mutex::new(State { idle: Vec::new(), open: 0 }), returned: Condvar::new() }
    }

    /// An idle connection, or a new one, or the next that comes back.
    pub(crate) fn reader(&self) -> rusqlite::Result<Reader<'_>> {
        let mut state = self.state.lock();
        loop {
            if let Some(connection) = state.idle.pop() {
                return Ok(Reader { pool: self, connection: Some(connection) });
            }
            if state.open < MOST {
                break;
            }
            self.returned.wait(&mut state);
        }
        state.open += 1;
        drop(state);
        match open_reader(&self.path) {
            Ok(connection) => Ok(Reader { pool: self, connection: Some(connection) }),
            Err(e) => {
                self.state.lock().open -= 1;
                self.returned.notify_one();
                Err(e)
            }
        }
    }
}

/// Opens a connection that can only read.
pub(crate) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = disk::open(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

impl Deref for Reader<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match &self.connection {
            Some(connection) => connection,
            None => unreachable!("a reader has its connection until it is dropped"),
        }
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            let mut state = self.pool.state.lock();
            // One that could not end its transaction would go on seeing the past.
            if connection.is_autocommit() {
                state.idle.push(connection);
            } else {
                state.open -= 1;
            }
            drop(state);
            self.pool.returned.notify_one();
        }
    }
}
