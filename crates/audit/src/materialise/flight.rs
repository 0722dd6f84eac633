//! The commit that is under way: the store writes what was brought to it while the next events are made.
//!
//! One and not several: a store may take commits that are brought to it together in another order, and the cursor that moves with each would pass over the rows of one
//! that was lost. And each expects that its first event is not there: what was told once is not told again, should whoever reads the journal be wrong about
//! where it was.

use std::sync::Arc;

use store::commit::{Commit, CommitError, Expect, Tenant};
use store::contract::Store;
use tokio::task::JoinHandle;

use super::Batch;
use crate::journal::Place;

/// The commit, when there is one.
#[derive(Default)]
pub(super) struct Flight(Option<Underway>);

struct Underway {
    tenant: Tenant,
    behind: u64,
    end: Place,
    task: JoinHandle<Result<(), CommitError>>,
}

/// A commit that has ended.
pub(super) struct Flown {
    pub(super) tenant: Tenant,
    /// Where the cursor is behind its rows.
    pub(super) behind: u64,
    /// Where the last of its rows ends.
    pub(super) end: Place,
    pub(super) result: Result<(), CommitError>,
}

impl Flight {
    /// Begins the commit of a batch, with the cursor of this name. The one before has landed.
    pub(super) fn begin(&mut self, store: Arc<dyn Store>, batch: Batch, cursor: String) {
        let Batch { tenant, puts, behind, end, .. } = batch;
        let mut commit = Commit::new(tenant, "ward", "audit");
        commit.expect = puts.first().map(|put| Expect::Absent(put.key.clone())).into_iter().collect();
        commit.audit = puts;
        commit.advance = vec![(cursor, behind)];
        let task = tokio::spawn(async move { store.commit(commit).await.map(drop) });
        self.0 = Some(Underway { tenant, behind, end, task });
    }

    /// Waits for it to end; `None` when none is under way.
    pub(super) async fn land(&mut self) -> Option<Flown> {
        let Underway { tenant, behind, end, task } = self.0.as_mut()?;
        let result = task.await.unwrap_or_else(|error| Err(CommitError::Engine(error.to_string())));
        let flown = Flown { tenant: *tenant, behind: *behind, end: *end, result };
        self.0 = None;
        Some(flown)
    }
}
