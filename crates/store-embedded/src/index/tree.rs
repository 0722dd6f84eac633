//! The log-structured merge tree that the index is kept in: batches are seen whole or not at all, and readers see one moment.
//!
//! It is one tree, so that what is flushed to disk is what the batches up to some moment have left, and it has no journal:
//! what was only in memory is gone when the process dies, and the truth still has it. The key `applied` in the tree tells
//! how far what is on disk reaches; the replay brings the rest.
//!
//! - [`keepers`]: the threads that write what is in memory to disk, and merge what is there.
//! - [`snapshots`]: which moments are being read.

mod keepers;
mod snapshots;

use std::ops::RangeBounds;
use std::path::Path;
use std::sync::Arc;

use lsm_tree::config::{BlockSizePolicy, CompressionPolicy};
use lsm_tree::{AbstractTree, AnyTree, Cache, CompressionType, Config, Guard, IterGuardImpl, SequenceNumberCounter};
use parking_lot::Mutex;

use crate::error::Result;
use keepers::Keepers;
use snapshots::{Moment, Snapshots};

pub(crate) use lsm_tree::Slice;

/// How many bytes a part in memory has before it is written to disk.
const MEMORY_BYTES: u64 = 16 * 1024 * 1024;

/// How many bytes a block has before it is compressed. A search reads several blocks of neighbours, a read by id one.
const BLOCK_BYTES: u32 = 8 * 1024;

/// A tree, open for reading and, by one writer, for writing.
pub(crate) struct Tree {
    parts: Arc<Parts>,
    keepers: Keepers,
}

/// What the tree and its keepers share.
struct Parts {
    tree: AnyTree,
    numbers: SequenceNumberCounter,
    snapshots: Snapshots,
    /// Held while a batch goes in: the numbers that the keepers take must not make half of it visible.
    writing: Mutex<()>,
}

impl Parts {
    /// Lets readers see what the keepers have made, and so lets go of what it was made of.
    fn publish(&self) {
        let _whole = self.writing.lock();
        self.snapshots.publish(self.numbers.get());
    }
}

/// Changes that become visible together. A key occurs once in it.
#[derive(Default)]
pub(crate) struct Batch {
    changes: Vec<(Slice, Option<Slice>)>,
}

impl Batch {
    pub(crate) fn insert(&mut self, key: impl Into<Slice>, value: impl Into<Slice>) {
        self.changes.push((key.into(), Some(value.into())));
    }

    pub(crate) fn remove(&mut self, key: impl Into<Slice>) {
        self.changes.push((key.into(), None));
    }
}

impl Tree {
    /// Opens the tree in a folder, or makes an empty one.
    pub(crate) fn open(folder: &Path, cache_bytes: u64) -> Result<Self> {
        let numbers = SequenceNumberCounter::default();
        // Readers see what `Snapshots` publishes: what the tree itself would publish might be half a batch.
        let tree = Config::new(folder, numbers.clone(), SequenceNumberCounter::default())
            .use_cache(Arc::new(Cache::with_capacity_bytes(cache_bytes)))
            .data_block_size_policy(BlockSizePolicy::all(BLOCK_BYTES))
            .data_block_compression_policy(CompressionPolicy::all(CompressionType::Lz4))
            .expect_point_read_hits(true)
            .open()?;
        numbers.fetch_max(tree.get_highest_persisted_seqno().map_or(0, |last| last + 1));
        let snapshots = Snapshots::new(numbers.get());
        let parts = Arc::new(Parts { tree, numbers, snapshots, writing: Mutex::new(()) });
        let keepers = Keepers::start(&parts)?;
        Ok(Self { parts, keepers })
    }

    /// Makes the changes, in memory. Only one thread at a time may call this.
    pub(crate) fn write(&self, batch: Batch) {
        let parts = &self.parts;
        let size = {
            let _whole = parts.writing.lock();
            let number = parts.numbers.next();
            let mut size = 0;
            for (key, value) in batch.changes {
                let (_, grown) = match value {
                    Some(value) => parts.tree.insert(key, value, number),
                    None => parts.tree.remove(key, number),
                };
                size = grown;
            }
            parts.snapshots.publish(number + 1);
            size
        };
        if size > MEMORY_BYTES {
            parts.tree.rotate_memtable();
            self.keepers.wake();
        }
    }

    /// Waits until there is room for more in memory. Fails when there will be none, because the disk does not take what is there.
    pub(crate) fn wait_for_room(&self) -> Result<()> {
        self.keepers.wait_for_room(&self.parts)
    }

    /// Writes what is in memory to disk, so that the next opening finds all.
    pub(crate) fn flush(&self) -> Result<()> {
        self.parts.tree.rotate_memtable();
        keepers::flush(&self.parts)
    }

    /// How many bytes it has on disk.
    pub(crate) fn disk_bytes(&self) -> u64 {
        self.parts.tree.disk_space()
    }

    /// What is there now, and stays as it is.
    pub(crate) fn snapshot(&self) -> TreeSnapshot {
        TreeSnapshot { moment: self.parts.snapshots.open(), parts: Arc::clone(&self.parts) }
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        self.keepers.stop();
        if let Err(e) = self.flush() {
            tracing::warn!("the index was not written to disk, the next start makes good for it: {e}");
        }
    }
}

/// A tree as one batch left it.
pub(crate) struct TreeSnapshot {
    moment: Moment,
    parts: Arc<Parts>,
}

impl TreeSnapshot {
    /// The value of a key.
    pub(crate) fn get(&self, key: impl AsRef<[u8]>) -> Result<Option<Slice>> {
        Ok(self.parts.tree.get(key, self.moment.number())?)
    }

    /// Whether it has a key.
    pub(crate) fn has(&self, key: impl AsRef<[u8]>) -> Result<bool> {
        Ok(self.parts.tree.contains_key(key, self.moment.number())?)
    }

    /// The keys in a range, which must not be empty by its bounds, with their values, in order from both ends.
    pub(crate) fn range<K: AsRef<[u8]>>(&self, range: impl RangeBounds<K>) -> Pairs {
        Pairs(self.parts.tree.range(range, self.moment.number(), None))
    }

    /// The keys that begin so, with their values.
    pub(crate) fn prefix(&self, prefix: impl AsRef<[u8]>) -> Pairs {
        Pairs(self.parts.tree.prefix(prefix, self.moment.number(), None))
    }
}

/// Keys and values, in order from both ends.
pub(crate) struct Pairs(Box<dyn DoubleEndedIterator<Item = IterGuardImpl> + Send>);

impl Iterator for Pairs {
    type Item = Result<(Slice, Slice)>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(pair)
    }
}

impl DoubleEndedIterator for Pairs {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(pair)
    }
}

fn pair(found: IterGuardImpl) -> Result<(Slice, Slice)> {
    Ok(found.into_inner()?)
}
