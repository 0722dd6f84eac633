//! A store that lets commits of one reason wait for each other, so that all of them are planned on what was there before the first.

use std::sync::Arc;

use store::commit::{Commit, CommitError, Committed};
use store::contract::Pending;
use store::memory::MemoryStore;
use store::{Layer, Store};
use tokio::sync::Barrier;

/// The store.
pub struct Gathering {
    inner: Arc<MemoryStore>,
    reason: &'static str,
    barrier: Barrier,
}

impl Gathering {
    /// Before a store: commits of this reason wait until there are so many.
    pub fn new(inner: Arc<MemoryStore>, reason: &'static str, many: usize) -> Self {
        Self { inner, reason, barrier: Barrier::new(many) }
    }
}

impl Layer for Gathering {
    fn behind(&self) -> &dyn Store {
        &*self.inner
    }

    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        Box::pin(async move {
            if commit.reason == self.reason {
                self.barrier.wait().await;
            }
            self.inner.commit(commit).await
        })
    }
}
