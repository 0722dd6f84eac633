//! Where a case takes place: a store, its clock, and the harness that opens it.

use std::sync::Arc;

use crate::commit::{Commit, CommitError, Committed, Conflict, Put};
use crate::contract::Store;
use crate::query::{Answer, Filter, Query, Version};

use super::sample::{TENANT, act, key, query};
use super::{Harness, ManualClock};

/// When the clock of a world starts: 2026-11-21T08:00:00Z.
pub(super) const START: i64 = 1_795_248_000_000;

pub(super) struct World {
    harness: Box<dyn Harness>,
    pub(super) clock: Arc<ManualClock>,
    store: Option<Arc<dyn Store>>,
}

impl World {
    pub(super) async fn new(mut harness: Box<dyn Harness>) -> Self {
        let clock = Arc::new(ManualClock::new(START));
        let store = harness.open(clock.clone()).await;
        Self { harness, clock, store: Some(store) }
    }

    pub(super) fn store(&self) -> &dyn Store {
        &**self.store.as_ref().expect("an open store")
    }

    /// The store, for a task of its own, which has ended before the store is closed.
    pub(super) fn shared(&self) -> Arc<dyn Store> {
        self.store.clone().expect("an open store")
    }

    /// Closes the store and opens it again.
    pub(super) async fn restart(&mut self) {
        self.store = None;
        self.store = Some(self.harness.open(self.clock.clone()).await);
    }

    pub(super) async fn commit(&self, commit: Commit) -> Committed {
        self.store().commit(commit).await.expect("the commit is applied")
    }

    /// Why the commit is refused.
    pub(super) async fn refused(&self, commit: Commit) -> Conflict {
        match self.store().commit(commit).await {
            Err(CommitError::Conflict(conflict)) => *conflict,
            other => panic!("expected a conflict, got {other:?}"),
        }
    }

    /// Writes resources in one commit.
    pub(super) async fn put(&self, put: Vec<Put>) -> Committed {
        self.commit(Commit { put, ..act() }).await
    }

    /// Deletes a resource.
    pub(super) async fn delete(&self, reference: &str) -> Committed {
        self.commit(Commit { delete: vec![key(reference)], ..act() }).await
    }

    pub(super) async fn read(&self, reference: &str) -> Option<Version> {
        self.store().read(TENANT, &key(reference)).await.expect("a read")
    }

    pub(super) async fn search(&self, query: &Query) -> Answer {
        self.store().search(query).await.expect("a search")
    }

    /// The ids of the Observations that pass, in their order.
    pub(super) async fn found(&self, filter: Filter) -> Vec<String> {
        ids(&self.search(&query(filter)).await.matches)
    }

    /// The ids of the Observations that pass, sorted.
    pub(super) async fn set(&self, filter: Filter) -> Vec<String> {
        let mut ids = self.found(filter).await;
        ids.sort();
        ids
    }
}

/// The ids of these versions.
pub(super) fn ids(versions: &[Version]) -> Vec<String> {
    versions.iter().map(|version| version.key.id.to_string()).collect()
}

/// The references of these versions: `Patient/1`.
pub(super) fn references(versions: &[Version]) -> Vec<String> {
    versions.iter().map(|version| version.key.to_string()).collect()
}
