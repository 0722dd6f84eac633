//! A store that lets commits of one reason wait for each other, so that all of them are planned on what was there before the first.

use std::sync::Arc;

use store::commit::{Claim, Commit, CommitError, Committed, Instant, Key, Sequence, Tenant};
use store::contract::{Pending, ReadError, Store};
use store::memory::MemoryStore;
use store::query::{Answer, Balance, Change, DueJob, History, HistoryQuery, Query, Version};
use tokio::sync::{Barrier, watch};

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

impl Store for Gathering {
    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        Box::pin(async move {
            if commit.reason == self.reason {
                self.barrier.wait().await;
            }
            self.inner.commit(commit).await
        })
    }

    fn read<'a>(&'a self, tenant: Tenant, key: &'a Key) -> Pending<'a, Result<Option<Version>, ReadError>> {
        self.inner.read(tenant, key)
    }

    fn vread<'a>(&'a self, tenant: Tenant, key: &'a Key, version: u64) -> Pending<'a, Result<Option<Version>, ReadError>> {
        self.inner.vread(tenant, key, version)
    }

    fn search<'a>(&'a self, query: &'a Query) -> Pending<'a, Result<Answer, ReadError>> {
        self.inner.search(query)
    }

    fn history<'a>(&'a self, query: &'a HistoryQuery) -> Pending<'a, Result<History, ReadError>> {
        self.inner.history(query)
    }

    fn changes(&self, tenant: Tenant, after: Sequence, limit: u32) -> Pending<'_, Result<Vec<Change>, ReadError>> {
        self.inner.changes(tenant, after, limit)
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.inner.watch()
    }

    fn cursor<'a>(&'a self, tenant: Tenant, name: &'a str) -> Pending<'a, Result<Sequence, ReadError>> {
        self.inner.cursor(tenant, name)
    }

    fn next_number<'a>(&'a self, tenant: Tenant, sequence: &'a str) -> Pending<'a, Result<u64, ReadError>> {
        self.inner.next_number(tenant, sequence)
    }

    fn balance<'a>(&'a self, tenant: Tenant, ledger: &'a str, account: &'a str) -> Pending<'a, Result<Option<Balance>, ReadError>> {
        self.inner.balance(tenant, ledger, account)
    }

    fn claims<'a>(&'a self, tenant: Tenant, subject: &'a str, now: Instant) -> Pending<'a, Result<Vec<Claim>, ReadError>> {
        self.inner.claims(tenant, subject, now)
    }

    fn take_jobs<'a>(
        &'a self,
        tenant: Tenant,
        kind: &'a str,
        now: Instant,
        lease_until: Instant,
        limit: u32,
    ) -> Pending<'a, Result<Vec<DueJob>, CommitError>> {
        self.inner.take_jobs(tenant, kind, now, lease_until, limit)
    }
}
