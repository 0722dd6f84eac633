//! How a store is opened.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use store::contract::{Clock, Extract};
use vault::Keyring;

use crate::engine::{Held, turns};
use crate::index::tree::Sizes;
use crate::truth::bodies::BodySeal;

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

/// A backup that follows the store: see [`Options::continuous`].
#[derive(Clone, Debug)]
pub struct Continuous {
    /// The folder that it is written to, best on another machine's disk. It has to be there: a share that is not mounted is not taken for an empty one.
    pub to: PathBuf,
    /// How often what was committed is copied. 1 second.
    pub every: Duration,
    /// How often the whole database is copied. 24 hours.
    pub base_every: Duration,
    /// For how long every moment can be restored. 7 days.
    pub keep: Duration,
    /// How many bytes the write-ahead log may have while the folder cannot be reached; beyond that the backup has a gap. 1 GiB.
    pub most_log_bytes: u64,
    /// Whether the log is kept until it is copied. Only a test that must fail without it says no.
    #[doc(hidden)]
    pub keeps_log: bool,
    /// Whether nothing is added to a backup of which it is not known that it has everything before. Only a test that must fail without it says no.
    #[doc(hidden)]
    pub proves_link: bool,
}

impl Continuous {
    /// A backup to a folder, with the defaults named at each.
    pub fn new(to: impl Into<PathBuf>) -> Self {
        let hours = |count: u64| Duration::from_secs(count * 3600);
        Self {
            to: to.into(),
            every: Duration::from_secs(1),
            base_every: hours(24),
            keep: hours(7 * 24),
            most_log_bytes: 1 << 30,
            keeps_log: true,
            proves_link: true,
        }
    }
}

/// How far the clock may be from the newest commit as a store opens: a clock that is farther off is wrong, or was, and what is committed by it stays in the
/// record for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockBounds {
    /// How far the clock may be behind.
    pub behind: Duration,
    /// How far it may be ahead.
    pub ahead: Duration,
}

/// How a store is opened.
#[derive(Clone)]
pub struct Options {
    /// The data directory. It is made when it is missing; one process at a time may have it open.
    pub path: PathBuf,
    /// The data directory as this process holds it already; `None`, the default: it is taken as the store opens.
    pub held: Option<Arc<Held>>,
    /// Derives index entries again: for a replay, and when the index is made anew.
    pub extract: Arc<dyn Extract>,
    /// The time of commits.
    pub clock: Arc<dyn Clock>,
    /// How far the clock may be from the newest commit as the store opens. `None`, the default: as far as it is.
    pub clock_bounds: Option<ClockBounds>,
    /// How many bytes of texts are kept in memory. 32 MiB.
    pub cache_bytes: u64,
    /// How many bytes of the index's blocks are kept in memory. 64 MiB. The filters of a file take up to 2.2 MiB, and what is larger
    /// than one of the cache's shards, of which there are four for each processor, is read anew each time.
    pub index_cache_bytes: u64,
    /// How many bytes of what searches have found are kept in memory, to be given again while it holds. 16 MiB; 0: none.
    pub answers_bytes: u64,
    /// How many bytes a part of the index has in memory before it is written to disk. 12 MiB. Up to two parts are in memory, and take two or
    /// three times as much there.
    pub index_part_bytes: u64,
    /// How long a search may take. 10 seconds.
    pub search_time: Duration,
    /// How many searches run at once while they are short; two for each processor.
    pub searches: usize,
    /// How many searches run at once that take longer than 25 milliseconds; one for two processors.
    pub long_searches: usize,
    /// How long a commit waits for room in the queue, before it is told [`store::CommitError::Busy`], and a search for its turn, before it is
    /// told [`store::ReadError::Busy`]. 10 seconds.
    pub patience: Duration,
    /// How many pages of 4 KiB the database file may have; a commit that needs more is told [`store::CommitError::Full`], as on
    /// a full disk. As many as there is room for when it is `None`, the default.
    pub most_pages: Option<u32>,
    /// The backup that follows what is committed; none when it is `None`, the default.
    pub continuous: Option<Continuous>,
    /// After how many pages of 4 KiB the write-ahead log is written back into the database file: 16,384, which is 64 MiB. Until then, the log grows, and so does
    /// the time that the next start needs for it after a crash.
    pub checkpoint_pages: u32,
    /// With what bodies are sealed; `None`, the default: they are kept as they are. Once a database was opened with it, it is refused without. What was written before
    /// stays as it is.
    pub body_seal: Option<BodySeal>,
    /// The keys by which the index is sealed: the entries that [`Extract::secrets`] names are in it as keyed hashes, and whoever asks for more of them than equality is
    /// told that it does not go. `None`, the default: it has them as they are. A change makes the index anew.
    pub index_seal: Option<Arc<Keyring>>,
    /// Called on the writer's thread, with the reason, when a commit or a sync has failed for another reason than a full disk.
    /// Nobody knows then what is on the disk, so it has to end the process, as the default does: the next start finds out.
    pub on_fatal: OnFatal,
    /// Called now and then while the index is made anew as the store opens.
    pub on_progress: OnProgress,
    /// Called on the indexer's thread before each step of indexing what is there by parameters that resources have defined: it is waited for.
    pub on_step: OnProgress,
    /// Called after each statement that brings an older database up to date: a test ends the process there.
    #[doc(hidden)]
    pub on_migration: Arc<dyn Fn() + Send + Sync>,
    /// Whether the index is brought up to the truth as the store opens. Only a test that must fail without it says no.
    #[doc(hidden)]
    pub replay: bool,
    /// Whether commits are on the disk before they are answered. Only a test that must fail without it says no.
    #[doc(hidden)]
    pub sync: bool,
    /// Whether the write-ahead log that a crash has left is synced before it is read. Only a test that must fail without it says no.
    #[doc(hidden)]
    pub syncs_log: bool,
    /// How long before they are durable commits are answered. Only a test that must fail with it says anything but `None`.
    #[doc(hidden)]
    pub answers_early: Option<Duration>,
}

impl Options {
    pub(crate) fn index_sizes(&self) -> Sizes {
        Sizes { cache_bytes: self.index_cache_bytes, part_bytes: self.index_part_bytes, answers_bytes: self.answers_bytes }
    }

    /// The options for a data directory, with the defaults named at each.
    pub fn new(path: impl Into<PathBuf>, extract: Arc<dyn Extract>, clock: Arc<dyn Clock>) -> Self {
        let (searches, long_searches) = turns::defaults();
        Self {
            path: path.into(),
            held: None,
            extract,
            clock,
            clock_bounds: None,
            cache_bytes: 32 << 20,
            index_cache_bytes: 64 << 20,
            answers_bytes: 16 << 20,
            index_part_bytes: 12 << 20,
            search_time: Duration::from_secs(10),
            searches,
            long_searches,
            patience: Duration::from_secs(10),
            most_pages: None,
            checkpoint_pages: 16_384,
            continuous: None,
            body_seal: None,
            index_seal: None,
            on_fatal: Arc::new(|_| std::process::abort()),
            on_progress: Arc::new(|_| {}),
            on_step: Arc::new(|_| {}),
            on_migration: Arc::new(|| {}),
            replay: true,
            sync: true,
            syncs_log: true,
            answers_early: None,
        }
    }
}
