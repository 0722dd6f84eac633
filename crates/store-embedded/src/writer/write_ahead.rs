//! When the write-ahead log is written back to the database file, and begun anew.
//!
//! SQLite's own way would be after every so many pages; but then frames are overwritten that a continuous backup has not copied yet. So the writer, which alone
//! writes, does it: when the log is long enough, or holds what was erased, and the backup has all of it. Only a log that grows beyond its bound while the
//! backup's place cannot be reached is begun anew regardless, and the backup is told.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode};

use crate::backup::closing;
use crate::backup::segment::Reached;
use crate::backup::shipping::{Shipping, Written};
use crate::error::Result;
use crate::truth;
use crate::truth::wal::{LogFile, Salts};

/// How much longer the log gets after an attempt that did not help: by a sixteenth.
const LATER: u32 = 16;

/// The bytes of a page in the log, for the bound.
const PAGE_BYTES: u64 = 4096 + 24;

/// The writer's view of the log.
pub(crate) struct WriteAhead {
    /// How many transactions were committed, and how many frames the log had then: the count in the upper half, the frames in the lower.
    seen: Arc<AtomicU64>,
    database: PathBuf,
    salts: Salts,
    /// The transactions that had been committed when all of the log was written back last: the next one may begin it anew.
    written_back: Option<u32>,
    /// How many frames it has to have before the next attempt.
    next: u32,
    /// How many frames it has to have before the first one.
    pages: u32,
    /// Whether it may hold what was erased.
    pub(crate) holds_erased: bool,
    shipping: Option<Arc<Shipping>>,
}

impl WriteAhead {
    /// For a database that was just opened.
    pub(crate) fn new(connection: &mut Connection, database: PathBuf, pages: u32, shipping: Option<Arc<Shipping>>) -> Result<Self> {
        let (mut salts, mut frames) = (Salts::default(), 0);
        if shipping.is_some() {
            // The last one to close the database would write the log back, copied or not.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            if let Some(log) = LogFile::open(&database)? {
                (salts, frames) = (log.salts, log.committed()?);
            }
        }
        let seen = Arc::new(AtomicU64::new(u64::from(frames)));
        let count = Arc::clone(&seen);
        connection.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages: std::ffi::c_int| {
            let commits = count.load(Ordering::Relaxed) >> 32;
            count.store((commits + 1) << 32 | u64::from(pages.unsigned_abs()), Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(Self { seen, database, salts, written_back: Some(0), next: pages, pages, holds_erased: false, shipping })
    }

    fn commits(&self) -> u32 {
        (self.seen.load(Ordering::Relaxed) >> 32) as u32
    }

    fn frames(&self) -> u32 {
        self.seen.load(Ordering::Relaxed) as u32
    }

    /// Says how far the log is, and writes it back when it is time.
    ///
    /// # Errors
    /// When it was to be written back and that failed for more than a moment: nobody knows then what is on the disk.
    pub(crate) fn keep(&mut self, connection: &Connection, reached: impl FnOnce() -> Reached) -> rusqlite::Result<()> {
        let commits = self.commits();
        if self.written_back.is_some_and(|before| before != commits) {
            self.look_at_log();
        }
        let (salts, frames) = (self.salts, self.frames());
        if let Some(shipping) = &self.shipping {
            shipping.publish(Written { salts, frames, reached: reached() });
        }
        let is_needed = self.written_back.is_none() && (frames >= self.next || self.is_asked_for());
        if (is_needed || self.holds_erased) && self.may_begin_anew(frames) {
            self.write_back(connection)?;
        }
        Ok(())
    }

    /// Sees by the salts whether the log is another one than before; when they cannot be read, it is one that nobody has copied.
    fn look_at_log(&mut self) {
        let salts = match &self.shipping {
            None => Ok(None),
            Some(_) => LogFile::open(&self.database).and_then(|log| Ok(Some(log.ok_or(std::io::ErrorKind::NotFound)?.salts))),
        };
        match salts {
            Ok(salts) => (self.salts, self.written_back) = (salts.unwrap_or_default(), None),
            Err(e) => {
                tracing::warn!("the write-ahead log cannot be read: {e}");
                self.salts = Salts::default();
            }
        }
    }

    fn is_asked_for(&self) -> bool {
        self.shipping.as_ref().is_some_and(|shipping| shipping.wants_new_log())
    }

    /// Whether the frames may be lost: because the backup has them, or because there are too many.
    fn may_begin_anew(&mut self, frames: u32) -> bool {
        let Some(shipping) = &self.shipping else { return true };
        if shipping.has_all() {
            return true;
        }
        let most = shipping.settings.most_log_bytes;
        if u64::from(frames) * PAGE_BYTES <= most {
            self.next = frames.max(self.pages) + self.pages / LATER;
            return false;
        }
        tracing::error!(
            "the write-ahead log has more than {most} bytes that the backup could not copy: it is begun anew, and the backup gets a gap"
        );
        shipping.give_up();
        true
    }

    /// Writes the log back, as far as no reader needs it; what was erased is overwritten in it.
    fn write_back(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let how = if self.holds_erased { "PRAGMA wal_checkpoint(TRUNCATE)" } else { "PRAGMA wal_checkpoint(PASSIVE)" };
        let is_done = match checkpoint(connection, how) {
            Err(e) if is_passing(&e) => {
                tracing::warn!("the write-ahead log was not written back: {e}");
                false
            }
            done => done?,
        };
        if !is_done {
            self.next = self.frames().max(self.pages) + self.pages / LATER;
            return Ok(());
        }
        self.next = self.pages;
        self.written_back = Some(self.commits());
        if self.holds_erased {
            self.emptied();
        }
        Ok(())
    }

    /// The file of the log has nothing any more.
    fn emptied(&mut self) {
        self.holds_erased = false;
        self.seen.store(u64::from(self.commits()) << 32, Ordering::Relaxed);
        if let Some(shipping) = &self.shipping {
            shipping.emptied();
        }
    }

    /// Leaves the log empty, unless the backup needs it. It is no harm when that fails.
    pub(crate) fn close(&mut self, connection: &Connection) {
        let (has_all, last) = self.shipping.as_ref().map_or((true, None), |shipping| shipping.finish());
        if !has_all {
            return tracing::warn!("the backup does not have everything yet: the write-ahead log is left for the next start");
        }
        match checkpoint(connection, "PRAGMA wal_checkpoint(TRUNCATE)") {
            Ok(true) => {}
            Ok(false) => return,
            Err(e) => return tracing::warn!("the write-ahead log was not written back: {e}"),
        }
        if let Some(Err(e)) = last.map(|seal| closing::note(&self.database, seal)) {
            tracing::warn!("it was not noted that the backup is complete: {e}");
        }
    }
}

/// Whether what has failed can be tried again: there was no room, or somebody was reading. After anything else nobody knows what is on the disk.
pub(super) fn is_passing(e: &rusqlite::Error) -> bool {
    truth::is_full(e) || matches!(e.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Writes the log back without waiting for anybody. Says whether that was all of it.
fn checkpoint(connection: &Connection, how: &str) -> rusqlite::Result<bool> {
    connection.busy_timeout(Duration::ZERO)?;
    let done = connection.query_row(how, [], |row| Ok((row.get::<_, bool>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)));
    connection.busy_timeout(truth::BUSY_TIMEOUT)?;
    done.map(|(is_busy, frames, written)| !is_busy && frames == written)
}
