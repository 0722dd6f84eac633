//! The trail of a store that was restored from an older backup: it ends earlier than what was signed, and that is signed too.

use store::commit::Instant;
use store::contract::Store;

use super::{Made, Notary};
use crate::checkpoint::{self, Checkpoint};
use crate::tree::TreeError;

impl Notary {
    /// Takes the trail back to what the store has, after it was restored from an older backup: a checkpoint says so, with the number of leaves that there were
    /// before. Nothing is made when the store has all that was signed, or nothing was.
    ///
    /// Fails with [`TreeError::Contradicts`] when the store has anything that is not the beginning of what was followed: then it was not only restored.
    pub async fn restored(&mut self, store: &dyn Store, now: Instant) -> Result<Made, TreeError> {
        let Some((last, note)) = self.last.clone() else { return Ok(Made::default()) };
        if self.tree.is_of(store).await? && self.tree.leaves().size >= last.size {
            return Ok(Made::default());
        }
        if !self.tree.take_back(store).await? {
            return Err(TreeError::Contradicts(last.number));
        }
        let (size, root) = self.tree.state();
        if size >= last.size {
            return Ok(Made::default());
        }
        self.tree.sync()?;
        let (number, previous, at) = (last.number + 1, checkpoint::hash(&note), last.at.max(now));
        let checkpoint = Checkpoint { origin: self.origin.clone(), size, root, number, previous, at, restored_from: Some(last.size) };
        let checkpoint = Some(self.keep(checkpoint)?);
        Ok(Made { checkpoint, not_pushed: self.push().await })
    }
}
