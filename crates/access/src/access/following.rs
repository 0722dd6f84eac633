//! The store with access in step: a commit that changes a consent is known before it is answered.

use std::sync::Arc;

use store::commit::{Claim, Commit, CommitError, Committed, Instant, Key, Sequence, Tenant};
use store::contract::Pending;
use store::query::{Answer, Balance, Change, DueJob, History, HistoryQuery, Query, Version};
use store::{ReadError, Store};
use tokio::runtime::Handle;
use tokio::sync::watch;

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

impl Store for Following {
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

    fn read<'a>(&'a self, tenant: Tenant, key: &'a Key) -> Pending<'a, Result<Option<Version>, ReadError>> {
        self.store.read(tenant, key)
    }

    fn vread<'a>(&'a self, tenant: Tenant, key: &'a Key, version: u64) -> Pending<'a, Result<Option<Version>, ReadError>> {
        self.store.vread(tenant, key, version)
    }

    fn search<'a>(&'a self, query: &'a Query) -> Pending<'a, Result<Answer, ReadError>> {
        self.store.search(query)
    }

    fn history<'a>(&'a self, query: &'a HistoryQuery) -> Pending<'a, Result<History, ReadError>> {
        self.store.history(query)
    }

    fn changes(&self, tenant: Tenant, after: Sequence, limit: u32) -> Pending<'_, Result<Vec<Change>, ReadError>> {
        self.store.changes(tenant, after, limit)
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.store.watch()
    }

    fn cursor<'a>(&'a self, tenant: Tenant, name: &'a str) -> Pending<'a, Result<Sequence, ReadError>> {
        self.store.cursor(tenant, name)
    }

    fn next_number<'a>(&'a self, tenant: Tenant, sequence: &'a str) -> Pending<'a, Result<u64, ReadError>> {
        self.store.next_number(tenant, sequence)
    }

    fn balance<'a>(&'a self, tenant: Tenant, ledger: &'a str, account: &'a str) -> Pending<'a, Result<Option<Balance>, ReadError>> {
        self.store.balance(tenant, ledger, account)
    }

    fn claims<'a>(&'a self, tenant: Tenant, subject: &'a str, now: Instant) -> Pending<'a, Result<Vec<Claim>, ReadError>> {
        self.store.claims(tenant, subject, now)
    }

    fn take_jobs<'a>(
        &'a self,
        tenant: Tenant,
        kind: &'a str,
        now: Instant,
        lease_until: Instant,
        limit: u32,
    ) -> Pending<'a, Result<Vec<DueJob>, CommitError>> {
        self.store.take_jobs(tenant, kind, now, lease_until, limit)
    }
}
