//! The store with the library in step: what a commit defines is found before the commit is answered.

use std::sync::Arc;

use store::commit::{Commit, CommitError, Committed};
use store::contract::Pending;
use store::{Layer, Store};
use tokio::runtime::Handle;

use super::Live;
use super::stored::Written;

/// A store whose commits the library takes in.
///
/// Of commits that end at the same moment each may come to the library first: the later one of a resource counts, by the place in the order of
/// commits. An engine that takes commits of other processes is followed by its change feed; the embedded engine has one process.
pub struct Defining {
    store: Arc<dyn Store>,
    library: Live,
}

impl Defining {
    /// `store`, and the library that is to follow it.
    pub fn new(store: Arc<dyn Store>, library: Live) -> Self {
        Self { store, library }
    }
}

impl Layer for Defining {
    fn behind(&self) -> &dyn Store {
        &*self.store
    }

    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        let Some(written) = Written::of(&commit) else { return self.store.commit(commit) };
        let (store, stored) = (self.store.clone(), self.library.of(commit.tenant));
        let work = async move {
            let committed = store.commit(commit).await?;
            stored.take_in(written, &committed);
            Ok(committed)
        };
        // Whoever asked may go away meanwhile, and the commit is applied all the same: the library has to hear of it.
        match Handle::try_current() {
            Ok(runtime) => {
                let task = runtime.spawn(work);
                Box::pin(async move { task.await.unwrap_or(Err(CommitError::Closed)) })
            }
            Err(_) => Box::pin(work),
        }
    }
}
