//! Which moments of the tree are being read, so that nothing of them is let go.

use std::collections::BTreeMap;
use std::sync::Arc;

use lsm_tree::SeqNo;
use parking_lot::Mutex;

/// The moments that are being read, and the one that a new reader gets.
pub(super) struct Snapshots(Arc<Mutex<Open>>);

struct Open {
    /// All below this number is visible.
    visible: SeqNo,
    /// How many read each moment.
    readers: BTreeMap<SeqNo, usize>,
}

impl Snapshots {
    /// With all below `visible` visible.
    pub(super) fn new(visible: SeqNo) -> Self {
        Self(Arc::new(Mutex::new(Open { visible, readers: BTreeMap::new() })))
    }

    /// Makes all below this number visible to new readers.
    pub(super) fn publish(&self, visible: SeqNo) {
        let mut open = self.0.lock();
        open.visible = open.visible.max(visible);
    }

    /// The newest moment, held until it is dropped.
    pub(super) fn open(&self) -> Moment {
        let mut open = self.0.lock();
        let number = open.visible;
        *open.readers.entry(number).or_default() += 1;
        Moment { number, snapshots: Arc::clone(&self.0) }
    }

    /// The oldest moment that somebody reads, or may begin to read.
    pub(super) fn oldest(&self) -> SeqNo {
        let open = self.0.lock();
        open.readers.first_key_value().map_or(open.visible, |(oldest, _)| *oldest)
    }
}

/// A moment that is being read.
pub(super) struct Moment {
    number: SeqNo,
    snapshots: Arc<Mutex<Open>>,
}

impl Moment {
    pub(super) fn number(&self) -> SeqNo {
        self.number
    }
}

impl Drop for Moment {
    fn drop(&mut self) {
        let mut open = self.snapshots.lock();
        if let Some(readers) = open.readers.get_mut(&self.number) {
            *readers -= 1;
            if *readers == 0 {
                open.readers.remove(&self.number);
            }
        }
    }
}
