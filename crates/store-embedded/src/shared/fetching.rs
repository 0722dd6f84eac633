//! Texts that are fetched from the truth together.

use bytes::Bytes;
use parking_lot::RwLockReadGuard;

use super::Shared;
use crate::error::Result;
use crate::truth::log;
use crate::truth::pool::Reader;

/// Fetches texts, all in one read transaction: to begin one costs SQLite as much as to read a text, for it locks the log and looks whether it grew.
pub(super) struct Fetching<'s> {
    shared: &'s Shared,
    reader: Reader<'s>,
    /// While it is held, nothing is taken out of the cache. What the transaction sees may have been erased since: it comes into the cache before
    /// whoever erases takes it out.
    _kept_out: RwLockReadGuard<'s, ()>,
}

impl<'s> Fetching<'s> {
    /// Begins the transaction. It sees all that the index had when this is called.
    pub(super) fn begin(shared: &'s Shared) -> Result<Self> {
        let kept_out = shared.fetching.read();
        let reader = shared.pool.reader()?;
        reader.prepare_cached("BEGIN")?.execute([])?;
        Ok(Self { shared, reader, _kept_out: kept_out })
    }

    /// The text of a row, which is kept for the next who wants it.
    pub(super) fn text(&self, row: u64) -> Result<Bytes> {
        let text = log::text(&self.reader, &self.shared.bodies, row)?;
        self.shared.texts.insert(row, text.clone());
        Ok(text)
    }
}

impl Drop for Fetching<'_> {
    fn drop(&mut self) {
        // SQLite may have ended it already, when a read failed. A connection that is still in it is not used again: the pool sees to that.
        if !self.reader.is_autocommit() {
            let _ = self.reader.prepare_cached("COMMIT").and_then(|mut end| end.execute([]));
        }
    }
}
