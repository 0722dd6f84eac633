//! A store before another one.

use tokio::sync::watch;

use crate::commit::{Claim, Commit, CommitError, Committed, Instant, Key, Sequence, Tenant};
use crate::contract::{Pending, ReadError, Store};
use crate::query::{Answer, Balance, Change, DueJob, History, HistoryQuery, Query, Version};

/// A store before another one, which sees some of what passes: each method is that of [`Store`], and hands on what it is asked.
///
/// What must not let anything through that it does not know implements [`Store`] itself, so that a new method has to be thought of there.
pub trait Layer: Send + Sync {
    /// The store behind it.
    fn behind(&self) -> &dyn Store;

    /// [`Store::commit`].
    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        self.behind().commit(commit)
    }

    /// [`Store::read`].
    fn read<'a>(&'a self, tenant: Tenant, key: &'a Key) -> Pending<'a, Result<Option<Version>, ReadError>> {
        self.behind().read(tenant, key)
    }

    /// [`Store::vread`].
    fn vread<'a>(&'a self, tenant: Tenant, key: &'a Key, version: u64) -> Pending<'a, Result<Option<Version>, ReadError>> {
        self.behind().vread(tenant, key, version)
    }

    /// [`Store::search`].
    fn search<'a>(&'a self, query: &'a Query) -> Pending<'a, Result<Answer, ReadError>> {
        self.behind().search(query)
    }

    /// [`Store::history`].
    fn history<'a>(&'a self, query: &'a HistoryQuery) -> Pending<'a, Result<History, ReadError>> {
        self.behind().history(query)
    }

    /// [`Store::changes`].
    fn changes(&self, tenant: Tenant, after: Sequence, limit: u32) -> Pending<'_, Result<Vec<Change>, ReadError>> {
        self.behind().changes(tenant, after, limit)
    }

    /// [`Store::watch`].
    fn watch(&self) -> watch::Receiver<u64> {
        self.behind().watch()
    }

    /// [`Store::cursor`].
    fn cursor<'a>(&'a self, tenant: Tenant, name: &'a str) -> Pending<'a, Result<Sequence, ReadError>> {
        self.behind().cursor(tenant, name)
    }

    /// [`Store::next_number`].
    fn next_number<'a>(&'a self, tenant: Tenant, sequence: &'a str) -> Pending<'a, Result<u64, ReadError>> {
        self.behind().next_number(tenant, sequence)
    }

    /// [`Store::balance`].
    fn balance<'a>(&'a self, tenant: Tenant, ledger: &'a str, account: &'a str) -> Pending<'a, Result<Option<Balance>, ReadError>> {
        self.behind().balance(tenant, ledger, account)
    }

    /// [`Store::claims`].
    fn claims<'a>(&'a self, tenant: Tenant, subject: &'a str, now: Instant) -> Pending<'a, Result<Vec<Claim>, ReadError>> {
        self.behind().claims(tenant, subject, now)
    }

    /// [`Store::take_jobs`].
    fn take_jobs<'a>(
        &'a self,
        tenant: Tenant,
        kind: &'a str,
        now: Instant,
        lease_until: Instant,
        limit: u32,
    ) -> Pending<'a, Result<Vec<DueJob>, CommitError>> {
        self.behind().take_jobs(tenant, kind, now, lease_until, limit)
    }
}

impl<L: Layer> Store for L {
    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        Layer::commit(self, commit)
    }

    fn read<'a>(&'a self, tenant: Tenant, key: &'a Key) -> Pending<'a, Result<Option<Version>, ReadError>> {
        Layer::read(self, tenant, key)
    }

    fn vread<'a>(&'a self, tenant: Tenant, key: &'a Key, version: u64) -> Pending<'a, Result<Option<Version>, ReadError>> {
        Layer::vread(self, tenant, key, version)
    }

    fn search<'a>(&'a self, query: &'a Query) -> Pending<'a, Result<Answer, ReadError>> {
        Layer::search(self, query)
    }

    fn history<'a>(&'a self, query: &'a HistoryQuery) -> Pending<'a, Result<History, ReadError>> {
        Layer::history(self, query)
    }

    fn changes(&self, tenant: Tenant, after: Sequence, limit: u32) -> Pending<'_, Result<Vec<Change>, ReadError>> {
        Layer::changes(self, tenant, after, limit)
    }

    fn watch(&self) -> watch::Receiver<u64> {
        Layer::watch(self)
    }

    fn cursor<'a>(&'a self, tenant: Tenant, name: &'a str) -> Pending<'a, Result<Sequence, ReadError>> {
        Layer::cursor(self, tenant, name)
    }

    fn next_number<'a>(&'a self, tenant: Tenant, sequence: &'a str) -> Pending<'a, Result<u64, ReadError>> {
        Layer::next_number(self, tenant, sequence)
    }

    fn balance<'a>(&'a self, tenant: Tenant, ledger: &'a str, account: &'a str) -> Pending<'a, Result<Option<Balance>, ReadError>> {
        Layer::balance(self, tenant, ledger, account)
    }

    fn claims<'a>(&'a self, tenant: Tenant, subject: &'a str, now: Instant) -> Pending<'a, Result<Vec<Claim>, ReadError>> {
        Layer::claims(self, tenant, subject, now)
    }

    fn take_jobs<'a>(
        &'a self,
        tenant: Tenant,
        kind: &'a str,
        now: Instant,
        lease_until: Instant,
        limit: u32,
    ) -> Pending<'a, Result<Vec<DueJob>, CommitError>> {
        Layer::take_jobs(self, tenant, kind, now, lease_until, limit)
    }
}
