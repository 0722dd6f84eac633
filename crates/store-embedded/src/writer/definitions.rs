//! What resources define: taken over after the commit that has changed it, and the steps of indexing by it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Writer;
use crate::error::Result;
use crate::index::custom::Custom;
use crate::index::tree::Batch;
use crate::index::update::Changes;
use crate::index::{Index, definitions};
use crate::indexer::IndexStep;

impl Writer {
    /// Takes over what the resources define now. Whoever brings a commit after this has its entries extracted by it, and whoever searches
    /// after this waits until all is indexed, if the search asks for it.
    pub(super) fn define(&mut self, index: &Index) -> Result<()> {
        let Some(kind) = self.extract.definitions() else { return Ok(()) };
        let found = definitions::current(&self.connection, &self.shared.bodies, index, kind)?;
        let shared = Arc::clone(&self.shared);
        let mut missing = shared.missing_mut();
        let before = self.extract.identity();
        self.extract.define(&found);
        if self.extract.identity() == before {
            return Ok(());
        }
        self.shared.redefined.fetch_add(1, Ordering::AcqRel);
        let custom = Custom::of(index)?.redefined(self.extract.defined());
        custom.write(index);
        *missing = custom.missing();
        self.show(&custom);
        Ok(())
    }

    /// What is to be done in an index that takes the place of the one in use.
    pub(crate) fn redefine(&self, index: &Index, judged: impl FnOnce(Custom) -> Custom) -> Result<()> {
        let mut missing = self.shared.missing_mut();
        let custom = judged(Custom::of(index)?).redefined(self.extract.defined());
        custom.write(index);
        *missing = custom.missing();
        self.show(&custom);
        Ok(())
    }

    /// Tells how far the index is, and wakes the indexer when there is something to do.
    fn show(&self, custom: &Custom) {
        if custom.is_complete() {
            self.shared.show_indexing(None);
        } else {
            let total = self.next_row - 1;
            self.shared.show_indexing(store::contract::Indexing { done: custom.upto.1.min(total), total });
            self.indexer.send(()).ok();
        }
    }

    /// Writes a step of indexing, unless something else is defined, or another index in use, since it was begun. A resource that was written
    /// meanwhile is left out: the commit brought its entries along.
    pub(super) fn index(&mut self, step: IndexStep) -> Result<bool> {
        let index = self.shared.index();
        if step.identity != self.extract.identity() || !Arc::ptr_eq(&index, &step.index) || Custom::of(&index)? != step.from {
            return Ok(false);
        }
        let snapshot = index.snapshot();
        let mut changes = Changes::default();
        for renewed in step.renewed {
            if snapshot.head(renewed.tenant, &renewed.key)? == Some(renewed.head) {
                changes.renew(renewed.tenant, renewed.key, renewed.head, renewed.listed);
            }
        }
        let custom = step.from.advanced(step.to);
        let mut batch = Batch::default();
        changes.write_resources(&mut batch, &index, &mut self.grown)?;
        custom.put(&mut batch);
        index.tree.write(batch);
        if custom.is_complete() {
            self.shared.missing_mut().clear();
            self.shared.show_indexing(None);
        }
        Ok(true)
    }
}
