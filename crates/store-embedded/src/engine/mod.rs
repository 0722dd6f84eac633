//! The engine: what is open, and the contract over it.

mod contract;
mod opening;
mod resealing;
mod searching;
pub(crate) mod turns;
mod upkeep;

pub(crate) use opening::lock;
pub use opening::{Held, hold, is_held};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;
use store::commit::{Commit, CommitError, Committed};
use store::contract::{Extract, Indexing, ReadError};
use tokio::sync::watch;

use self::turns::{Turn, Turns};
use crate::backup::shipping::Shipping;
use crate::error::Result;
use crate::index::tree::Sizes;
use crate::samples::{self, Samples};
use crate::shared::Shared;
use crate::truth::dictionary;
use crate::writer::prepared::Prepared;
use crate::writer::queue::{Order, Queue};

/// How many bytes of bodies are compressed on the caller's own thread; more go to one that may block.
const MOST_INLINE_BYTES: usize = 256 * 1024;

/// An open store.
///
/// It is closed by [`Embedded::close`], or when it is dropped; either way what was queued is done first.
pub struct Embedded {
    shared: Arc<Shared>,
    queue: Queue,
    /// The writer's, and the indexer's, which ends when that one has.
    threads: Mutex<Vec<JoinHandle<()>>>,
    applied: watch::Receiver<u64>,
    samples: Samples,
    extract: Arc<dyn Extract>,
    search_time: Duration,
    turns: Arc<Turns>,
    index_sizes: Sizes,
    /// [`crate::Options::index_seal`].
    index_seal: Option<Arc<vault::Keyring>>,
    closed: AtomicBool,
    shipping: Option<Arc<Shipping>>,
    /// When the newest commit was as the store was opened.
    opened_after: store::commit::Instant,
    /// Held as long as the store is open: it is released by the system, also when the process dies.
    _held: Arc<Held>,
}

impl Embedded {
    /// Closes the store: what was queued before is applied and answered, everything after is told that it is closed.
    pub async fn close(&self) {
        self.stop();
        let threads = std::mem::take(&mut *self.threads.lock());
        tokio::task::spawn_blocking(move || threads.into_iter().for_each(|thread| drop(thread.join()))).await.ok();
    }

    fn stop(&self) {
        if !self.closed.swap(true, Ordering::AcqRel) {
            self.queue.send(Order::Close).ok();
        }
    }

    fn is_open(&self) -> std::result::Result<(), ReadError> {
        if self.closed.load(Ordering::Acquire) { Err(ReadError::Closed) } else { Ok(()) }
    }

    async fn commit_now(&self, commit: Commit) -> std::result::Result<Committed, CommitError> {
        if self.closed.load(Ordering::Acquire) {
            return Err(CommitError::Closed);
        }
        let trails = commit.trails.iter().flat_map(|(_, told)| told);
        let bytes: usize = commit.put.iter().chain(&commit.audit).chain(trails).map(|put| put.body.text.len()).sum();
        self.sample(&commit);
        let prepared = if bytes > MOST_INLINE_BYTES {
            let shared = Arc::clone(&self.shared);
            let prepared = tokio::task::spawn_blocking(move || Prepared::new(commit, &shared)).await;
            prepared.map_err(|_| CommitError::Closed)??
        } else {
            Prepared::new(commit, &self.shared)?
        };
        let erases = !prepared.commit.erase.is_empty();
        let done = self.queue.commit(prepared).await;
        if erases {
            self.samples.forget();
        }
        done
    }

    /// Sets bodies aside until there are enough of them to train a dictionary, and then trains one in the background.
    fn sample(&self, commit: &Commit) {
        let dictionaries = self.shared.bodies.dictionaries.newest();
        for put in commit.put.iter().chain(&commit.audit) {
            if let Some(samples) = self.samples.add(dictionaries, &put.body.text) {
                self.train(samples);
            }
        }
    }

    fn train(&self, samples: Vec<Bytes>) {
        let (queue, are_sealed) = (self.queue.clone(), self.shared.bodies.are_sealed());
        let work = move || {
            // A dictionary is kept in clear, and outlives every erasure.
            let samples: Vec<Bytes> = if are_sealed { samples.iter().map(samples::bare).collect() } else { samples };
            match dictionary::train(&samples) {
                Some(bytes) => queue.send(Order::Dictionary(bytes)).unwrap_or_default(),
                None => tracing::debug!("{} bodies were too few for a dictionary", samples.len()),
            }
        };
        let spawned = std::thread::Builder::new().name("ward-dictionary".to_owned()).spawn(work);
        if let Err(e) = spawned {
            tracing::warn!("no dictionary was trained: {e}");
        }
    }

    /// Runs `work` on a thread that may block, when it is its turn.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared, Turn) -> std::result::Result<T, ReadError> + Send + 'static,
    ) -> std::result::Result<T, ReadError> {
        self.is_open()?;
        let (turn, _caller) = self.turns.begin().await?;
        let shared = Arc::clone(&self.shared);
        match tokio::task::spawn_blocking(move || work(&shared, turn)).await {
            Ok(done) => done,
            Err(e) if e.is_cancelled() => Err(ReadError::Closed),
            Err(_) => Err(ReadError::Engine("a search ended unexpectedly".to_owned())),
        }
    }

    /// Waits until all resources are indexed by what resources define.
    pub(crate) async fn indexed(&self) {
        self.shared.indexing().wait_for(Option::is_none).await.ok();
    }

    /// When the newest commit was as the store was opened, in milliseconds since 1970; 0 when there was none. No commit is before it.
    pub fn opened_after(&self) -> store::commit::Instant {
        self.opened_after
    }

    /// How far the index is with parameters that resources have defined lately; `None` when it has all.
    pub fn indexing(&self) -> Option<Indexing> {
        *self.shared.indexing().borrow()
    }

    /// Figures for an operator.
    ///
    /// # Errors
    /// When the files cannot be looked at.
    pub fn stats(&self) -> Result<crate::Stats> {
        let index = self.shared.index();
        let truth = crate::truth::path_in(&self.shared.directory);
        let wal = disk::log::log_of(&truth);
        let size = |path: &std::path::Path| std::fs::metadata(path).map_or(0, |meta| meta.len());
        let (cached_texts, cached_bytes, cache_hits, cache_misses) = self.shared.cached();
        Ok(crate::Stats {
            versions: index.applied()?,
            truth_bytes: size(&truth) + size(&wal),
            index_bytes: index.tree.disk_bytes(),
            cached_texts,
            cached_bytes,
            cache_hits,
            cache_misses,
            dictionary: self.shared.bodies.dictionaries.newest(),
        })
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.stop();
        std::mem::take(&mut *self.threads.lock()).into_iter().for_each(|thread| drop(thread.join()));
    }
}
