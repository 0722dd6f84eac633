//! The journal of reads: who read what, in an append-only file beside the database, before the answer goes out.
//!
//! A read changes nothing in the database, and a commit for each would be many times the cost of the read. So each is a row of about 100
//! bytes in a file, `audit-reads.N.log`: [`Journal::record`] returns when the row is as safe as the [`Mode`] says, and the answer may go
//! out. Later a [`Materialiser`](crate::Materialiser) makes AuditEvents of the rows and removes the file.
//!
//! Whoever comes while a write is going on waits with all others for the next one: many rows are written at once, when many come. A journal
//! that cannot be written refuses, and so the read is refused: never is one answered that is not told of. What a kill leaves of a row that
//! was never acknowledged is passed over; a file is not written to any more after the process that began it has ended.

mod codec;
mod format;
mod open;
mod queue;
pub(crate) mod reader;
mod row;
mod seal;
mod syncing;
mod writer;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use format::Place;
pub use seal::{KEY_BYTES, Keys};
pub use writer::Journal;

/// When a read may be answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// When its row is on the disk. Reads wait for the disk, many for one sync.
    Synced,
    /// When its row is with the operating system. It survives the end of the process, however sudden; a power cut may take the rows of the last
    /// [`Settings::sync_every`], as a rule those of the last few hundredths of a second.
    #[default]
    Written,
    /// At once: reads are not told of.
    Off,
}

/// How a journal is kept.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder of its files, which is there.
    pub folder: PathBuf,
    /// When a read may be answered.
    pub mode: Mode,
    /// How long the rows of a group are gathered before they are synced, with [`Mode::Written`].
    pub sync_every: Duration,
    /// When a file is this long, another is begun. Files are removed whole. Less than a tebibyte.
    pub most_file_bytes: u64,
    /// How long all rows may be together that are not AuditEvents yet: beyond it reads wait, until enough have become some. Files are removed whole, so that they may
    /// be longer by [`Settings::most_file_bytes`].
    pub most_bytes: u64,
    /// How long a read waits for that, before it is refused.
    pub patience: Duration,
    /// How many bytes of rows may wait to be written.
    pub most_waiting_bytes: usize,
    /// Whoever opens the keys of files whose rows are sealed; `None`: rows are in clear, and files with others are not read.
    pub keys: Option<Arc<dyn Keys>>,
    /// Whether rows are sealed that are written now, with a key that `keys` seal.
    pub is_sealed: bool,
}

impl Settings {
    /// The usual ones, for the files of this folder: [`Mode::Written`], a sync each 20 ms, files of 64 MiB, 2 GiB in all (some 20 million
    /// reads), 5 s of waiting for less, 16 MiB to be written, rows in clear.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            mode: Mode::default(),
            sync_every: Duration::from_millis(20),
            most_file_bytes: 64 << 20,
            most_bytes: 2 << 30,
            patience: Duration::from_secs(5),
            most_waiting_bytes: 16 << 20,
            keys: None,
            is_sealed: false,
        }
    }
}

/// Why a read could not be told of, and so must not be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JournalError {
    /// There is no room, on the disk or within [`Settings::most_bytes`]: reads go on when there is. HTTP says 507.
    Full,
    /// More rows wait than [`Settings::most_waiting_bytes`] lets: it may be tried again in a moment. HTTP says 503.
    Busy,
    /// The files cannot be written, or not be synced: nothing is told of until the process is started again. What the system said.
    Failed(String),
}

impl JournalError {
    /// The number of the issue.
    pub fn code(&self) -> u16 {
        match self {
            JournalError::Full => crate::codes::JOURNAL_FULL,
            JournalError::Busy => crate::codes::JOURNAL_BUSY,
            JournalError::Failed(_) => crate::codes::JOURNAL_FAILED,
        }
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JournalError::Full => {
                f.write_str("there is no room for the audit trail of reads, and nothing is read without it: free space on the disk of the data directory")
            }
            JournalError::Busy => f.write_str("more is being read than the audit trail takes at the moment: try again"),
            JournalError::Failed(what) => {
                write!(f, "the audit trail of reads cannot be written ({what}), and nothing is read without it: look at the disk, and restart")
            }
        }
    }
}

impl std::error::Error for JournalError {}

/// What opening a journal found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// How many files there were.
    pub files: usize,
    /// Files whose beginning is no journal's: left as they are, by their numbers.
    pub unreadable: Vec<u32>,
}
