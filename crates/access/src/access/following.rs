//! The store with access in step: a commit that changes a consent is known before it is answered.

use std::sync::Arc;

use store::commit::{Commit, CommitError, Committed, Key};
use store::contract::Pending;

use store::{Layer, Store};
use tokio::runtime::Handle;

use super::Access;

/// A store that tells [`Access`] of commits which write, delete or erase a Consent, so that whoever asks after them is judged by it.
///
/// It hears of commits that go through it. Those of other processes come by the change feed: whoever follows that calls [`Access::consents_changed`].
pub struct Following {
    store: Arc<dyn Store>,
    access: Arc<Access>,
}

impl Following {
    /// `store`, whose commits `access` hears of.
    pub fn new(store: Arc<dyn Store>, access: Arc<Access>) -> Self {
        Self { store, access }
    }
}

/// Whether a commit changes a consent.
fn changes_consents(commit: &Commit) -> bool {
    let is_consent = |key: &Key| key.kind.name() == "Consent";
    let written = commit.put.iter().map(|put| &put.key).chain(&commit.delete);
    written.chain(commit.erase.iter().map(|erase| &erase.key)).any(is_consent)
}

impl Layer for Following {
    fn behind(&self) -> &dyn Store {
        &*self.store
    }

    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        if !changes_consents(&commit) {
            return self.store.commit(commit);
        }
        let (store, access, tenant) = (self.store.clone(), self.access.clone(), commit.tenant);
        let work = async move {
            let answer = store.commit(commit).await;
            // Also when it failed: it may have been applied all the same, and to read consents once more harms nobody.
            access.consents_changed(tenant);
            answer
        };
        // Whoever asked may go away meanwhile, and the commit is applied all the same.
        match Handle::try_current() {
            Ok(runtime) => {
                let task = runtime.spawn(work);
                Box::pin(async move { task.await.unwrap_or(Err(CommitError::Closed)) })
            }
            Err(_) => Box::pin(work),
        }
    }
}
