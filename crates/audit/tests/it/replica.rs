//! A store whose AuditEvents somebody has got at: what it hands out can be edited below all rules.

use std::collections::HashMap;
use std::future::ready;

use store::commit::{Claim, Commit, CommitError, Committed, Instant, Key, Sequence, Tenant};
use store::contract::{Pending, ReadError, Store};
use store::query::{Answer, Balance, Change, DueJob, History, HistoryQuery, Query, Version};
use tokio::sync::watch;

#[derive(Clone)]
pub struct Replica {
    pub tenant: Tenant,
    pub changes: Vec<Change>,
    pub versions: HashMap<(Key, u64), Version>,
}

impl Replica {
    pub async fn of(store: &dyn Store, tenant: Tenant) -> Self {
        let changes = store.changes(tenant, 0, u32::MAX).await.unwrap();
        let mut versions = HashMap::new();
        for (key, number, _) in changes.iter().flat_map(|change| &change.versions) {
            versions.insert((key.clone(), *number), store.vread(tenant, key, *number).await.unwrap().unwrap());
        }
        Self { tenant, changes, versions }
    }
}

fn closed<T: Send + 'static>() -> Pending<'static, Result<T, ReadError>> {
    Box::pin(ready(Err(ReadError::Closed)))
}

impl Store for Replica {
    fn commit(&self, _: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        Box::pin(ready(Err(CommitError::Closed)))
    }

    fn read<'a>(&'a self, _: Tenant, _: &'a Key) -> Pending<'a, Result<Option<Version>, ReadError>> {
        closed()
    }

    fn vread<'a>(&'a self, tenant: Tenant, key: &'a Key, version: u64) -> Pending<'a, Result<Option<Version>, ReadError>> {
        let found = self.versions.get(&(key.clone(), version)).filter(|_| tenant == self.tenant).cloned();
        Box::pin(ready(Ok(found)))
    }

    fn search<'a>(&'a self, _: &'a Query) -> Pending<'a, Result<Answer, ReadError>> {
        closed()
    }

    fn history<'a>(&'a self, _: &'a HistoryQuery) -> Pending<'a, Result<History, ReadError>> {
        closed()
    }

    /// As an engine that reads its log in order would: by place, whatever the sequences say.
    fn changes(&self, tenant: Tenant, after: Sequence, limit: u32) -> Pending<'_, Result<Vec<Change>, ReadError>> {
        let from = if after == 0 { 0 } else { self.changes.iter().rposition(|change| change.sequence <= after).map_or(0, |at| at + 1) };
        let found = self.changes.iter().skip(from).filter(|_| tenant == self.tenant).take(limit as usize).cloned().collect();
        Box::pin(ready(Ok(found)))
    }

    fn watch(&self) -> watch::Receiver<u64> {
        watch::channel(0).1
    }

    fn cursor<'a>(&'a self, _: Tenant, _: &'a str) -> Pending<'a, Result<Sequence, ReadError>> {
        closed()
    }

    fn next_number<'a>(&'a self, _: Tenant, _: &'a str) -> Pending<'a, Result<u64, ReadError>> {
        closed()
    }

    fn balance<'a>(&'a self, _: Tenant, _: &'a str, _: &'a str) -> Pending<'a, Result<Option<Balance>, ReadError>> {
        closed()
    }

    fn claims<'a>(&'a self, _: Tenant, _: &'a str, _: Instant) -> Pending<'a, Result<Vec<Claim>, ReadError>> {
        closed()
    }

    fn take_jobs<'a>(&'a self, _: Tenant, _: &'a str, _: Instant, _: Instant, _: u32) -> Pending<'a, Result<Vec<DueJob>, CommitError>> {
        Box::pin(ready(Err(CommitError::Closed)))
    }
}
