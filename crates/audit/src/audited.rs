//! A store whose commits tell of themselves: it stands behind the gate and before the engine, for one request.

use std::collections::HashMap;
use std::sync::Arc;

use store::commit::{Commit, CommitError, Committed};
use store::contract::{Pending, ReadError};
use store::{Layer, Store};

use crate::event::Scribe;
use crate::happening::Happening;
use crate::lookout::Lookout;

/// A store for one request. Each commit has the AuditEvents of what it puts, deletes and erases ([`Scribe::tell`]); whoever commits sees
/// nothing of them in the answer. All else passes.
///
/// What was there before is read, and then the commit made: who expects versions, as the gate does, knows that nothing came between.
pub struct Audited {
    store: Arc<dyn Store>,
    scribe: Arc<Scribe>,
    request: Arc<Happening>,
    lookout: Option<Arc<Lookout>>,
}

impl Audited {
    /// The store as a request commits to it: the events have its moment, actor, address, request and purpose.
    pub fn new(store: Arc<dyn Store>, scribe: Arc<Scribe>, request: Arc<Happening>) -> Self {
        Self { store, scribe, request, lookout: None }
    }

    /// The same, of which somebody looks at what is committed.
    pub fn watched(self, lookout: Option<Arc<Lookout>>) -> Self {
        Self { lookout, ..self }
    }

    async fn told(&self, mut commit: Commit) -> Result<Committed, CommitError> {
        let keys = commit.put.iter().map(|put| &put.key).chain(&commit.delete).chain(commit.erase.iter().map(|erase| &erase.key));
        let mut before = HashMap::new();
        for key in keys {
            if let Some(version) = self.store.read(commit.tenant, key).await.map_err(failed)? {
                before.insert(key.clone(), version);
            }
        }
        let own = commit.audit.len();
        let written = self.scribe.tell(&mut commit, &self.request, &before);
        let told = commit.audit.len() - own;
        let mut committed = self.store.commit(commit).await?;
        if let Some(lookout) = &self.lookout {
            for (happening, touched) in &written {
                lookout.saw(happening, touched).await;
            }
        }
        let count = committed.versions.len().saturating_sub(told);
        committed.versions.truncate(count);
        committed.created.truncate(count);
        Ok(committed)
    }
}

/// What a failed read means for a commit.
fn failed(error: ReadError) -> CommitError {
    match error {
        ReadError::Forbidden(why) => CommitError::Forbidden(why),
        ReadError::TooCostly(what) => CommitError::Engine(what),
        ReadError::Indexing(indexing) => CommitError::Indexing(indexing),
        ReadError::Busy => CommitError::Busy,
        ReadError::Closed => CommitError::Closed,
        ReadError::Full => CommitError::Full,
        ReadError::Engine(what) => CommitError::Engine(what),
    }
}

impl Layer for Audited {
    fn behind(&self) -> &dyn Store {
        &*self.store
    }

    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        Box::pin(self.told(commit))
    }
}
