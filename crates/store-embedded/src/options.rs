//! How a store is opened.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use store::contract::{Clock, Extract};

/// What is called when the store cannot go on: see [`Options::on_fatal`].
pub type OnFatal = Arc<dyn Fn(&str) + Send + Sync>;

/// What is told how far a rebuild of the index is.
pub type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// How far a rebuild of the index, or the replay of a tail, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Versions done.
    pub done: u64,
    /// Versions there are.
    pub total: u64,
}

/// How a store is opened.
#[derive(Clone)]
pub struct Options {
    /// The data directory. It is made when it is missing; one process at a time may have it open.
    pub path: PathBuf,
    /// Derives index entries again: for a replay, and when the index is made anew.
    pub extract: Arc<dyn Extract>,
    /// The time of commits.
    pub clock: Arc<dyn Clock>,
    /// How many bytes of texts are kept in memory. 64 MiB.
    pub cache_bytes: u64,
    /// How many bytes of the index's blocks are kept in memory. 64 MiB.
    pub index_cache_bytes: u64,
    /// How long a search may take. 10 seconds.
    pub search_time: Duration,
    /// How long a commit waits for room in the queue, before it is told [`store::CommitError::Busy`]. 10 seconds.
    pub patience: Duration,
    /// How many pages of 4 KiB the database file may have; a commit that needs more is told [`store::CommitError::Full`], as on
    /// a full disk. As many as there is room for when it is `None`, the default.
    pub most_pages: Option<u32>,
    /// Called on the writer's thread, with the reason, when a commit or a sync has failed for another reason than a full disk.
    /// Nobody knows then what is on the disk, so it has to end the process, as the default does: the next start finds out.
    pub on_fatal: OnFatal,
    /// Called now and then while the index is made anew as the store opens.
    pub on_progress: OnProgress,
    /// Called on the indexer's thread before each step of indexing what is there by parameters that resources have defined: it is waited for.
    pub on_step: OnProgress,
    /// Whether the index is brought up to the truth as the store opens. Only a test that must fail without it says no.
    #[doc(hidden)]
    pub replay: bool,
    /// Whether each commit is synced before it is acknowledged. Only a test that must fail without it says no.
    #[doc(hidden)]
    pub synced: bool,
    /// After how many pages of the write-ahead log it is written back to the database file. 16,384: 64 MiB.
    #[doc(hidden)]
    pub checkpoint_pages: u32,
}

impl Options {
    /// The options for a data directory, with the defaults named at each.
    pub fn new(path: impl Into<PathBuf>, extract: Arc<dyn Extract>, clock: Arc<dyn Clock>) -> Self {
        Self {
            path: path.into(),
            extract,
            clock,
            cache_bytes: 64 << 20,
            index_cache_bytes: 64 << 20,
            search_time: Duration::from_secs(10),
            patience: Duration::from_secs(10),
            most_pages: None,
            on_fatal: Arc::new(|_| std::process::abort()),
            on_progress: Arc::new(|_| {}),
            on_step: Arc::new(|_| {}),
            replay: true,
            synced: true,
            checkpoint_pages: 16_384,
        }
    }
}
