//! The store with access in step: a commit that changes a consent or a role is known before it is answered.

use std::sync::Arc;

use store::commit::{Commit, CommitError, Committed, Key, Tenant};
use store::contract::Pending;
use store::{Layer, ReadError, Store, feed};
use tokio::runtime::Handle;

use super::Access;

/// A store that tells [`Access`] of commits which write, delete or erase a Consent, or a role that a tenant keeps, so that whoever asks after them is judged by it.
///
/// It hears of commits that go through it. Those of other processes come by the change feed: see [`follow`].
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

/// Tells access of what changes in a tenant of a store, whoever changes it, until the store shuts down. Only a store that other processes write, too, needs it.
///
/// Fails when the store does; what other processes change is then not known until this is called again.
///
/// # Errors
/// When the feed cannot be read.
pub async fn follow(access: &Access, store: &dyn Store, tenant: Tenant) -> Result<(), ReadError> {
    let begun = || {
        access.consents_changed(tenant);
        access.rules_changed();
    };
    feed::follow(store, tenant, begun, |change| {
        let written = change.versions.iter().map(|(key, ..)| key);
        access.heard(tenant, written.chain(change.erased.iter().map(|erasure| &erasure.key)));
    })
    .await
}

/// The resources that a commit changes and access goes by.
fn heeded(commit: &Commit, access: &Access) -> Vec<Key> {
    let written = commit.put.iter().map(|put| &put.key).chain(&commit.delete);
    let all = written.chain(commit.erase.iter().map(|erase| &erase.key));
    all.filter(|key| access.heeds(commit.tenant, key)).cloned().collect()
}

impl Layer for Following {
    fn behind(&self) -> &dyn Store {
        &*self.store
    }

    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        let heeded = heeded(&commit, &self.access);
        if heeded.is_empty() {
            return self.store.commit(commit);
        }
        let (store, access, tenant) = (self.store.clone(), self.access.clone(), commit.tenant);
        let work = async move {
            let answer = store.commit(commit).await;
            // Also when it failed: it may have been applied all the same, and to read them once more harms nobody.
            access.heard(tenant, heeded.iter());
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
