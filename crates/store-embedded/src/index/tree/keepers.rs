//! The keepers of the tree: one thread writes to disk what is full in memory, others merge what is on disk, each of them other levels.
//!
//! When the disk does not take it, what is in memory stays there, and is tried again every second; meanwhile
//! [`Keepers::wait_for_room`] says so to whoever wants to bring more than there is room for.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use lsm_tree::AbstractTree;
use lsm_tree::compaction::Leveled;
use parking_lot::{Condvar, Mutex};

use super::Parts;
use crate::error::{Result, StoreError};

/// How many full parts may wait in memory.
const MOST_WAITING: usize = 2;

/// How many unmerged parts may be on disk: each of them is looked into by every read.
const MOST_UNMERGED: usize = 16;

/// How many bytes a file of the tree has. The first level on disk that is sorted as a whole has four times as many, and is written anew
/// whenever four parts have come from memory: much larger than these, it would be most of what is written.
const FILE_BYTES: u64 = 16 << 20;

/// How many threads merge. Merges that touch the first levels exclude each other: the second thread is for lower levels meanwhile.
const MERGING: usize = 2;

/// How long a keeper waits before it tries again what has failed.
const RETRY: Duration = Duration::from_secs(1);

/// The threads, and what they are told.
pub(super) struct Keepers {
    post: Arc<Post>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// What the keepers and the writer tell each other.
#[derive(Default)]
struct Post {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    is_closing: bool,
    /// Counts what was flushed, so that the merging thread has a look.
    flushed: u64,
    /// Why the last flush has failed.
    failure: Option<String>,
}

impl Keepers {
    pub(super) fn start(parts: &Arc<Parts>) -> Result<Self> {
        let post = Arc::new(Post::default());
        let spawn = |name: &str, work: fn(&Parts, &Post)| {
            let (parts, post) = (Arc::clone(parts), Arc::clone(&post));
            std::thread::Builder::new().name(name.to_owned()).spawn(move || work(&parts, &post))
        };
        let mut threads = vec![spawn("ward-index-flush", keep_flushed)?];
        for _ in 0..MERGING {
            threads.push(spawn("ward-index-merge", keep_merged)?);
        }
        Ok(Self { post, threads: Mutex::new(threads) })
    }

    /// Tells that there is something to be flushed.
    pub(super) fn wake(&self) {
        let _state = self.post.state.lock();
        self.post.changed.notify_all();
    }

    pub(super) fn wait_for_room(&self, parts: &Parts) -> Result<()> {
        let is_full = || parts.tree.sealed_memtable_count() >= MOST_WAITING || parts.tree.l0_run_count() >= MOST_UNMERGED;
        let mut state = self.post.state.lock();
        while is_full() {
            if let Some(failure) = &state.failure {
                return Err(StoreError::NoRoom(failure.clone()));
            }
            self.post.changed.wait_for(&mut state, RETRY);
        }
        Ok(())
    }

    /// Ends the threads, after what they are at.
    pub(super) fn stop(&self) {
        self.post.state.lock().is_closing = true;
        self.post.changed.notify_all();
        std::mem::take(&mut *self.threads.lock()).into_iter().for_each(|thread| drop(thread.join()));
    }
}

/// Writes all full parts to disk.
pub(super) fn flush(parts: &Parts) -> Result<()> {
    let oldest = parts.snapshots.oldest();
    let lock = parts.tree.get_flush_lock();
    parts.tree.flush(&lock, oldest)?;
    drop(lock);
    parts.publish();
    Ok(())
}

fn keep_flushed(parts: &Parts, post: &Post) {
    let mut state = post.state.lock();
    while !state.is_closing {
        if parts.tree.sealed_memtable_count() == 0 {
            post.changed.wait(&mut state);
            continue;
        }
        drop(state);
        let done = flush(parts);
        state = post.state.lock();
        match done {
            Ok(()) => {
                state.failure = None;
                state.flushed += 1;
                post.changed.notify_all();
            }
            Err(e) => {
                tracing::error!("the index cannot be written to disk, it is tried again: {e}");
                state.failure = Some(e.to_string());
                post.changed.notify_all();
                post.changed.wait_for(&mut state, RETRY);
            }
        }
    }
}

fn keep_merged(parts: &Parts, post: &Post) {
    static COUNT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let lower = knob("W_LOWER", 0) > 0 && COUNT.fetch_add(1, std::sync::atomic::Ordering::SeqCst) % 2 == 1;
    let mut seen = None;
    let mut state = post.state.lock();
    while !state.is_closing {
        if seen == Some(state.flushed) {
            post.changed.wait(&mut state);
            continue;
        }
        let flushed = state.flushed;
        drop(state);
        let done = merge(parts, lower);
        state = post.state.lock();
        match done {
            Ok(true) => {}
            Ok(false) => seen = Some(flushed),
            Err(e) => {
                tracing::error!("the index cannot be merged, it is tried again: {e}");
                post.changed.wait_for(&mut state, RETRY);
            }
        }
        post.changed.notify_all();
    }
}

fn knob(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Merges once, where it is needed most. Says whether anything has changed.
fn merge(parts: &Parts, lower: bool) -> Result<bool> {
    let before = parts.tree.current_version().id();
    let file = knob("W_FILE_MB", 16) << 20;
    let mut strategy = Leveled::default().with_table_target_size(file).with_l0_threshold(knob("W_L0", 4) as u8);
    let ratio = knob("W_RATIO", 10) as f32;
    strategy = strategy.with_level_ratio_policy(vec![knob("W_RATIO1", ratio as u64) as f32, ratio]);
    if lower {
        // Nothing of the first levels.
        let base = (file * knob("W_L0", 4)) as f32;
        let high = 255.0 * file as f32;
        let l2 = base * knob("W_RATIO1", ratio as u64) as f32;
        strategy = strategy.with_l0_threshold(255).with_level_ratio_policy(vec![l2 / high, ratio]);
    }
    let started = std::time::Instant::now();
    parts.tree.compact(Arc::new(strategy), parts.snapshots.oldest())?;
    if std::env::var("W_SAY").is_ok() && parts.tree.current_version().id() != before {
        let version = parts.tree.current_version();
        let levels: Vec<String> = version.iter_levels().map(|level| format!("{}/{}M", level.table_count(), level.size() >> 20)).collect();
        eprintln!("merged lower={lower} {:.2}s -> {}", started.elapsed().as_secs_f64(), levels.join(" "));
    }
    parts.publish();
    Ok(parts.tree.current_version().id() != before)
}
