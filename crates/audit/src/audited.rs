//! A store whose commits tell of themselves: it stands behind the gate and before the engine, for one request.

use std::collections::HashMap;
use std::sync::Arc;

use store::commit::{Claim, Commit, CommitError, Committed, Instant, Key, Sequence, Tenant};
use store::contract::{Pending, ReadError, Store};
use store::query::{Answer, Balance, Change, DueJob, History, HistoryQuery, Query, Version};
use tokio::sync::watch;

use crate::event::Scribe;
use crate::happening::Happening;

/// A store for one request. Each commit has the AuditEvents of what it puts, deletes and erases ([`Scribe::tell`]); whoever commits sees
/// nothing of them in the answer. All else passes.
///
/// What was there before is read, and then the commit made: who expects versions, as the gate does, knows that nothing came between.
pub struct Audited {
    store: Arc<dyn Store>,
    scribe: Arc<Scribe>,
    request: Arc<Happening>,
}

impl Audited {
    /// The store as a request commits to it: the events have its moment, actor, address, request and purpose.
    pub fn new(store: Arc<dyn Store>, scribe: Arc<Scribe>, request: Arc<Happening>) -> Self {
        Self { store, scribe, request }
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
        self.scribe.tell(&mut commit, &self.request, &before);
        let told = commit.audit.len() - own;
        let mut committed = self.store.commit(commit).await?;
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

impl Store for Audited {
    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        Box::pin(self.told(commit))
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
