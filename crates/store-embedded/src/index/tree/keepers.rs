//! The keepers of the tree: one thread writes to disk what is full in memory, one merges what is on disk, and one the lower levels meanwhile.
//!
//! When the disk does not take it, what is in memory stays there, and is tried again every second; meanwhile
//! [`Keepers::wait_for_room`] says so to whoever wants to bring more than there is room for.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use lsm_tree::AbstractTree;
use lsm_tree::compaction::Leveled;
use parking_lot::{Condvar, Mutex};

use super::{Parts, levels};
use crate::error::{Result, StoreError};

/// How many full parts may wait in memory.
const MOST_WAITING: usize = 2;

/// How many unmerged parts may be on disk: each of them is looked into by every read.
const MOST_UNMERGED: usize = 16;

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
    /// Counts what was flushed and merged, so that the merging threads have a look.
    moved: u64,
    /// Why the last flush has failed.
    unflushed: Option<String>,
    /// Why the last merge has failed.
    unmerged: Option<String>,
}

impl Keepers {
    pub(super) fn start(parts: &Arc<Parts>) -> Result<Self> {
        let post = Arc::new(Post::default());
        let spawn = |name: &str, work: fn(&Parts, &Post)| {
            let (parts, post) = (Arc::clone(parts), Arc::clone(&post));
            std::thread::Builder::new().name(name.to_owned()).spawn(move || work(&parts, &post))
        };
        let threads = vec![
            spawn("ward-index-flush", keep_flushed)?,
            spawn("ward-index-merge", |parts, post| keep_merged(parts, post, levels::all))?,
            spawn("ward-index-merge", |parts, post| keep_merged(parts, post, levels::lower))?,
        ];
        Ok(Self { post, threads: Mutex::new(threads) })
    }

    /// Tells that there is something to be flushed.
    pub(super) fn wake(&self) {
        let _state = self.post.state.lock();
        self.post.changed.notify_all();
    }

    pub(super) fn wait_for_room(&self, parts: &Parts) -> Result<()> {
        let mut state = self.post.state.lock();
        loop {
            let failure = if parts.tree.sealed_memtable_count() >= MOST_WAITING {
                &state.unflushed
            } else if parts.tree.l0_run_count() >= MOST_UNMERGED {
                &state.unmerged
            } else {
                return Ok(());
            };
            if let Some(failure) = failure {
                return Err(StoreError::NoRoom(failure.clone()));
            }
            self.post.changed.wait_for(&mut state, RETRY);
        }
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
                state.unflushed = None;
                state.moved += 1;
                post.changed.notify_all();
            }
            Err(e) => {
                tracing::error!("the index cannot be written to disk, it is tried again: {e}");
                state.unflushed = Some(e.to_string());
                post.changed.notify_all();
                post.changed.wait_for(&mut state, RETRY);
            }
        }
    }
}

fn keep_merged(parts: &Parts, post: &Post, which: fn() -> Leveled) {
    let mut seen = None;
    let mut state = post.state.lock();
    while !state.is_closing {
        if seen == Some(state.moved) {
            post.changed.wait(&mut state);
            continue;
        }
        let moved = state.moved;
        drop(state);
        let done = merge(parts, which());
        state = post.state.lock();
        match done {
            Ok(true) => {
                state.unmerged = None;
                state.moved += 1;
            }
            Ok(false) => seen = Some(moved),
            Err(e) => {
                tracing::error!("the index cannot be merged, it is tried again: {e}");
                state.unmerged = Some(e.to_string());
                post.changed.notify_all();
                post.changed.wait_for(&mut state, RETRY);
            }
        }
        post.changed.notify_all();
    }
}

/// Merges once, where it is needed most. Says whether anything has changed.
fn merge(parts: &Parts, which: Leveled) -> Result<bool> {
    let before = parts.tree.current_version().id();
    parts.tree.compact(Arc::new(which), parts.snapshots.oldest())?;
    parts.publish();
    Ok(parts.tree.current_version().id() != before)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::super::{Batch, Sizes, Tree};
    use super::*;

    /// Brings so many parts that the tree refuses, or has no need to.
    fn fill(tree: &Tree, parts: u32) -> Result<()> {
        for part in 0..parts {
            tree.wait_for_room()?;
            let mut batch = Batch::default();
            (0..40).for_each(|key: u32| batch.insert([key.to_be_bytes(), part.to_be_bytes()].concat(), vec![b'x'; 1000]));
            tree.write(batch);
        }
        Ok(())
    }

    #[test]
    fn what_cannot_be_merged_is_told_to_whoever_waits_for_room() {
        let folder = tempfile::tempdir().unwrap();
        let tree = Tree::open(folder.path(), Sizes { cache_bytes: 1 << 20, part_bytes: 1 << 10, answers_bytes: 0 }).unwrap();
        fill(&tree, 1).unwrap();
        // On whichever level: one that nothing overlaps may be moved down at once.
        while tree.parts.tree.table_count() == 0 {
            std::thread::yield_now();
        }
        let table = std::fs::read_dir(folder.path().join("tables")).unwrap().next().unwrap().unwrap().path();
        let mut bytes = std::fs::read(&table).unwrap();
        bytes[64..256].fill(0xee);
        std::fs::write(&table, bytes).unwrap();
        let (says, said) = mpsc::channel();
        std::thread::spawn(move || says.send(fill(&tree, 200).map_err(|error| error.to_string())));
        let refused = said.recv_timeout(Duration::from_secs(120)).expect("whoever waits is told").unwrap_err();
        assert!(refused.contains("the index cannot be written"), "{refused}");
    }
}
