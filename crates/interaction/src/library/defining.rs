//! The store with the library in step: what a commit defines is found before the commit is answered.

use std::sync::Arc;

use store::Store;
use store::commit::{Claim, Commit, CommitError, Committed, Instant, Key, Sequence, Tenant};
use store::contract::{Pending, ReadError};
use store::query::{Answer, Balance, Change, DueJob, History, HistoryQuery, Query, Version};
use tokio::runtime::Handle;
use tokio::sync::watch;

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

impl Store for Defining {
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
