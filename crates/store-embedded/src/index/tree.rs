//! The log-structured merge tree that the index is kept in: batches are seen whole or not at all, and readers see one moment.
//!
//! It is one tree, so that what is flushed to disk is what the batches up to some moment have left, and it has no journal:
//! what was only in memory is gone when the process dies, and the truth still has it. The key `applied` in the tree tells
//! how far what is on disk reaches; the replay brings the rest.
//!
//! - [`keepers`]: the threads that write what is in memory to disk, and merge what is there.
//! - [`levels`]: what they merge.
//! - [`marks`]: what batches have changed, for whoever keeps what was read.
//! - [`rows`]: values that were read lately.
//! - [`snapshots`]: which moments are being read.

mod keepers;
mod levels;
mod marks;
mod rows;
mod snapshots;

use std::ops::{Bound, RangeBounds};
use std::path::Path;
use std::sync::Arc;

use lsm_tree::config::{BlockSizePolicy, BloomConstructionPolicy, CompressionPolicy, FilterPolicy, FilterPolicyEntry, PartitioningPolicy};
use lsm_tree::{AbstractTree, AnyTree, Cache, CompressionType, Config, Guard, IterGuardImpl, SequenceNumberCounter};
use parking_lot::Mutex;

use crate::error::Result;
use keepers::Keepers;
use marks::{Marks, Notes};
use rows::Rows;
use snapshots::{Moment, Snapshots};

pub(crate) use lsm_tree::Slice;
pub(crate) use marks::Noted;

/// How much memory a tree takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// How many bytes of blocks are kept.
    pub(crate) cache_bytes: u64,
    /// How many bytes a part in memory has before it is written to disk.
    pub(crate) part_bytes: u64,
    /// How many bytes of what searches have found are kept.
    pub(crate) answers_bytes: u64,
}

/// How many bytes a block has before it is compressed, but for its last entry and its end: with these it mostly fits into one of the allocator's
/// places of 8 KiB, and does not take one of 10. A search reads several blocks of neighbours, a read by id one.
const BLOCK_BYTES: u32 = 7 * 1024;

/// How many bits a key has in the filters of each level. Every create looks for an id that is not there, and most keys lie on the last level,
/// where filters take the most room.
const FILTER_BITS: [f32; 7] = [10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 6.0];

/// Whether the filters of a level's files lie in pieces of 4 KiB: where they are not kept in memory for good. As one piece a filter takes
/// megabytes, which a cache of tens of megabytes, itself in sixteen parts, reads anew for each id that is not there.
const FILTERS_IN_PIECES: [bool; 2] = [false, true];

/// The same of the lists of a file's blocks.
const LISTS_IN_PIECES: [bool; 3] = [false, false, true];

/// A tree, open for reading and, by one writer, for writing.
pub(crate) struct Tree {
    parts: Arc<Parts>,
    keepers: Keepers,
    part_bytes: u64,
}

/// What the tree and its keepers share.
struct Parts {
    tree: AnyTree,
    numbers: SequenceNumberCounter,
    snapshots: Snapshots,
    marks: Marks,
    rows: Rows,
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
    pub(crate) fn open(folder: &Path, sizes: Sizes) -> Result<Self> {
        let numbers = SequenceNumberCounter::default();
        // Readers see what `Snapshots` publishes: what the tree itself would publish might be half a batch.
        let tree = Config::new(folder, numbers.clone(), SequenceNumberCounter::default())
            .use_cache(Arc::new(Cache::with_capacity_bytes(sizes.cache_bytes)))
            .data_block_size_policy(BlockSizePolicy::all(BLOCK_BYTES))
            .data_block_compression_policy(CompressionPolicy::all(CompressionType::Lz4))
            .filter_policy(FilterPolicy::new(FILTER_BITS.map(|bits| FilterPolicyEntry::Bloom(BloomConstructionPolicy::BitsPerKey(bits)))))
            .filter_block_partitioning_policy(PartitioningPolicy::new(FILTERS_IN_PIECES))
            .index_block_partitioning_policy(PartitioningPolicy::new(LISTS_IN_PIECES))
            .open()?;
        numbers.fetch_max(tree.get_highest_persisted_seqno().map_or(0, |last| last + 1));
        let snapshots = Snapshots::new(numbers.get());
        let parts = Arc::new(Parts { tree, numbers, snapshots, marks: Marks::new(), rows: Rows::new(), writing: Mutex::new(()) });
        let keepers = Keepers::start(&parts)?;
        Ok(Self { parts, keepers, part_bytes: sizes.part_bytes })
    }

    /// Makes the changes, in memory. Only one thread at a time may call this.
    pub(crate) fn write(&self, batch: Batch) {
        let parts = &self.parts;
        let size = {
            let _whole = parts.writing.lock();
            let number = parts.numbers.next();
            parts.marks.change(number, batch.changes.len(), batch.changes.iter().map(|(key, _)| &**key));
            let mut size = 0;
            for (key, value) in batch.changes {
                let (_, grown) = match value {
                    Some(value) => parts.tree.insert(key, value, number),
                    None => {
                        parts.rows.forget(&key);
                        parts.tree.remove(key, number)
                    }
                };
                size = grown;
            }
            parts.snapshots.publish(number + 1);
            size
        };
        if size > self.part_bytes {
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

    /// Whether what was read then is what is there now.
    pub(crate) fn still_has(&self, noted: &Noted) -> bool {
        self.parts.marks.hold(noted)
    }

    /// Whether a key of one resource, or of an id, has the value that it had then. A `false` may be wrong, a `true` never is.
    pub(crate) fn is_as_seen(&self, key: &[u8], seen: Seen) -> bool {
        self.parts.marks.is_unchanged(key, seen.0)
    }

    /// Changes are marked from now on, so that [`Tree::still_has`] can tell: whoever is about to keep something says so before it is kept.
    pub(crate) fn watch(&self) {
        self.parts.marks.watch();
    }

    /// What is there now, and stays as it is.
    pub(crate) fn snapshot(&self) -> TreeSnapshot {
        TreeSnapshot { moment: self.parts.snapshots.open(), parts: Arc::clone(&self.parts), notes: Notes::default() }
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

/// When something was read: see [`Tree::is_as_seen`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen(lsm_tree::SeqNo);

/// A tree as one batch left it.
pub(crate) struct TreeSnapshot {
    moment: Moment,
    parts: Arc<Parts>,
    notes: Notes,
}

impl TreeSnapshot {
    /// Its moment.
    pub(crate) fn seen(&self) -> Seen {
        Seen(self.moment.number())
    }

    /// Notes what is read from now on.
    pub(crate) fn note(&self) {
        self.notes.set(true);
    }

    /// Reads something that what is found does not depend on: it is not noted.
    pub(crate) fn aside<T>(&self, read: impl FnOnce() -> T) -> T {
        let was_on = self.notes.set(false);
        let done = read();
        self.notes.set(was_on);
        done
    }

    /// Notes the entries of a value, which were read aside.
    pub(crate) fn note_value(&self, value: &[u8]) {
        self.notes.value(value);
    }

    /// What was noted; `None` when too much was read, or more than marks can tell.
    pub(crate) fn noted(&self) -> Option<Noted> {
        self.notes.take(self.moment.number())
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: impl AsRef<[u8]>) -> Result<Option<Slice>> {
        let (key, moment) = (key.as_ref(), self.moment.number());
        self.notes.key(key);
        let parts = &self.parts;
        // What nobody notes is read once, for a write or a look at everything, and would push out what is read often.
        if !self.notes.is_on() || !rows::is_row(key) {
            return Ok(parts.tree.get(key, moment)?);
        }
        if let Some(value) = parts.rows.get(&parts.marks, key, moment) {
            return Ok(value);
        }
        let value = parts.tree.get(key, moment)?;
        parts.rows.put(&parts.marks, key, moment, value.as_ref());
        Ok(value)
    }

    /// Whether it has a key.
    pub(crate) fn has(&self, key: impl AsRef<[u8]>) -> Result<bool> {
        self.notes.key(key.as_ref());
        Ok(self.parts.tree.contains_key(key, self.moment.number())?)
    }

    /// The keys in a range, which must not be empty by its bounds, with their values, in order from both ends.
    pub(crate) fn range<K: AsRef<[u8]>>(&self, range: impl RangeBounds<K>) -> Pairs {
        self.notes.range(range.start_bound().map(AsRef::as_ref), range.end_bound().map(AsRef::as_ref));
        Pairs(self.parts.tree.range(range, self.moment.number(), None))
    }

    /// The same for a range in which all keys are entries of this value.
    pub(crate) fn range_of_value(&self, value: &[u8], range: (Bound<Vec<u8>>, Bound<Vec<u8>>)) -> Pairs {
        self.notes.value(value);
        Pairs(self.parts.tree.range(range, self.moment.number(), None))
    }

    /// The entries of a value.
    pub(crate) fn prefix_of_value(&self, value: &[u8]) -> Pairs {
        self.notes.value(value);
        Pairs(self.parts.tree.prefix(value, self.moment.number(), None))
    }

    /// The keys that begin so, with their values.
    pub(crate) fn prefix(&self, prefix: impl AsRef<[u8]>) -> Pairs {
        self.notes.prefix(prefix.as_ref());
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
