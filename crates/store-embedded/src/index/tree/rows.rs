//! Values that searches have read lately, by their keys: to find one here takes a tenth of what it takes in the tree.
//!
//! A value is given as long as its mark says that nothing has changed it since the moment at which it was read, and only to readers of that
//! moment or a later one.

use lsm_tree::{SeqNo, Slice};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::marks::Marks;
use crate::index::keys::Space;

/// How much is kept.
const KEPT_BYTES: u64 = 16 << 20;

/// A larger value is not kept.
const MOST_BYTES: usize = 16 << 10;

/// How large a value is taken to be, to size the table.
const TYPICAL_BYTES: u64 = 256;

/// What a value needs besides its bytes.
const OVERHEAD_BYTES: usize = 96;

pub(super) struct Rows(Cache<Box<[u8]>, Row, ByBytes>);

#[derive(Clone)]
struct Row {
    /// The moment at which it was read.
    moment: SeqNo,
    value: Option<Slice>,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Box<[u8]>, Row> for ByBytes {
    fn weight(&self, key: &Box<[u8]>, row: &Row) -> u64 {
        (key.len() + row.value.as_ref().map_or(0, |value| value.len()) + OVERHEAD_BYTES) as u64
    }
}

/// Whether values of this key are kept: what there is once for a resource.
pub(super) fn is_row(key: &[u8]) -> bool {
    [Space::Current, Space::Resources, Space::Lists].iter().any(|space| key.first() == Some(&(*space as u8)))
}

impl Rows {
    pub(super) fn new() -> Self {
        Self(Cache::with_weighter((KEPT_BYTES / TYPICAL_BYTES) as usize, KEPT_BYTES, ByBytes))
    }

    /// The value of a key at a moment, when that is known; `Some(None)`: it has none.
    pub(super) fn get(&self, marks: &Marks, key: &[u8], moment: SeqNo) -> Option<Option<Slice>> {
        let row = self.0.get(key)?;
        (row.moment <= moment && marks.is_unchanged(key, row.moment)).then_some(row.value)
    }

    /// Lets go of a value that is being removed: it may have been erased.
    pub(super) fn forget(&self, key: &[u8]) {
        if is_row(key) {
            self.0.remove(key);
        }
    }

    /// Keeps the value of a key at a moment.
    pub(super) fn put(&self, marks: &Marks, key: &[u8], moment: SeqNo, value: Option<&Slice>) {
        if value.is_none_or(|value| value.len() <= MOST_BYTES) {
            marks.watch();
            // A value of its own: one that the tree gave holds on to the block that it came in.
            self.0.insert(key.into(), Row { moment, value: value.map(|value| Slice::from(&**value)) });
        }
    }
}
