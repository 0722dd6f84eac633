//! The write-ahead log, written back by the writer itself: SQLite would do it within a commit, and tell nobody when a sync of the database file fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};

use super::Writer;
use crate::error::Result;
use crate::truth;

/// How many pages the log has, and may have.
pub(crate) struct LogLength {
    pages: Arc<AtomicU32>,
    most: u32,
}

impl LogLength {
    /// Follows the log of a connection, which writes it back no more by itself.
    pub(crate) fn of(connection: &mut Connection, most: u32) -> rusqlite::Result<Self> {
        let pages = Arc::new(AtomicU32::new(0));
        let length = Self { pages: Arc::clone(&pages), most };
        let note = move |_: &mut rusqlite::hooks::Wal, count: i32| {
            pages.store(count.unsigned_abs(), Ordering::Relaxed);
            Ok(())
        };
        connection.wal_hook(Some(note))?;
        Ok(length)
    }
}

/// Whether an error says that there is no room on the disk.
pub(super) fn is_full(e: &rusqlite::Error) -> bool {
    e.sqlite_error_code() == Some(ErrorCode::DiskFull)
}

/// Whether what has failed can be tried again: there was no room, or somebody was reading. After anything else nobody knows what is on the disk.
pub(super) fn is_harmless(e: &rusqlite::Error) -> bool {
    is_full(e) || matches!(e.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

impl Writer {
    /// Writes the log back once it is long, as far as readers let it.
    pub(super) fn write_back_when_long(&self) -> Result<()> {
        if self.log.pages.load(Ordering::Relaxed) < self.log.most {
            return Ok(());
        }
        match self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
            Err(e) if !is_harmless(&e) => Err(e.into()),
            Err(e) => {
                tracing::warn!("the write-ahead log was not written back: {e}");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Leaves the write-ahead log short and the index on disk, so that the next start is quick. It is no harm when it fails.
    pub(super) fn checkpoint(&self) {
        // Whoever waits for the index is told that the store is closed.
        self.shared.show_indexing(None);
        if let Err(e) = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())) {
            tracing::warn!("the write-ahead log was not written back: {e}");
        }
        if let Err(e) = self.shared.index().tree.flush() {
            tracing::warn!("the index was not written to disk, the next start makes good for it: {e}");
        }
    }

    /// Empties the write-ahead log after an erase. While a reader still needs it, it stays, and the next group tries again.
    pub(super) fn overwrite_log(&mut self) -> Result<()> {
        if self.log_holds_erased {
            self.log_holds_erased = match self.truncate_log() {
                Ok(is_emptied) => !is_emptied,
                Err(e) if is_harmless(&e) => {
                    tracing::warn!("the write-ahead log was not emptied after an erase: {e}");
                    true
                }
                Err(e) => return Err(e.into()),
            };
        }
        Ok(())
    }

    /// Writes the log back and empties it, when no reader needs it at this moment. Says whether it did.
    fn truncate_log(&self) -> rusqlite::Result<bool> {
        self.connection.busy_timeout(Duration::ZERO)?;
        let is_busy = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
        self.connection.busy_timeout(truth::BUSY_TIMEOUT)?;
        is_busy.map(|is_busy| !is_busy)
    }
}
