//! The contract over an open store.

use std::time::Duration;

use store::commit::{Claim, Commit, CommitError, Committed, Instant, Key, Sequence, Tenant};
use store::contract::{Pending, ReadError, Store};
use store::query::{Answer, Balance, Change, DueJob, History, HistoryQuery, Query, Version};
use tokio::sync::{oneshot, watch};
use vault::VaultError;

use super::Embedded;
use crate::error::{Result, StoreError};
use crate::history;
use crate::index::head::{Head, VersionAt};
use crate::search;
use crate::search::budget::SearchError;
use crate::shared::Shared;
use crate::truth::log::State;
use crate::truth::{feed, guarded};
use crate::writer::queue::Order;
use crate::writer::work::Take;

impl Embedded {
    fn read_now(&self, tenant: Tenant, key: &Key) -> Result<Option<Version>> {
        let index = self.shared.index();
        match index.snapshot().head(tenant, key)?.filter(|head| !head.is_erased()) {
            Some(head) => Ok(Some(self.shared.version(key.clone(), &head)?)),
            None => Ok(None),
        }
    }

    fn vread_now(&self, tenant: Tenant, key: &Key, version: u64) -> Result<Option<Version>> {
        let index = self.shared.index();
        let snapshot = index.snapshot();
        let Some(head) = snapshot.head(tenant, key)? else {
            return Ok(None);
        };
        let Some(found) = snapshot.version(tenant, head.resource, version)? else {
            return Ok(None);
        };
        let VersionAt { row, at, state } = found;
        if state == State::Erased {
            return Ok(None);
        }
        Ok(Some(self.shared.version(key.clone(), &Head { resource: 0, row, version, at, state })?))
    }

    fn in_truth<T>(
        &self,
        read: impl FnOnce(&rusqlite::Connection) -> std::result::Result<T, StoreError>,
    ) -> std::result::Result<T, ReadError> {
        self.is_open()?;
        let reader = self.shared.pool.reader().map_err(StoreError::from)?;
        Ok(read(&reader)?)
    }
}

/// How often a read is done again, a millisecond later each time, when an erase came between what it found and what it read.
const ATTEMPTS: u32 = 1000;

/// How often of these it is because of a key that is not there any more.
const ATTEMPTS_BY_KEYS: u32 = 3;

/// Does a read, and again when what it found in the index was erased in the truth meanwhile: the index follows at once. Also when the key of what it read was retired: that has
/// been sealed with a newer one before.
pub(super) fn settled<T>(mut read: impl FnMut() -> search::budget::Result<T>) -> search::budget::Result<T> {
    let mut by_keys = 0;
    for _ in 0..ATTEMPTS {
        match read() {
            Err(SearchError::Store(StoreError::Erased)) => {}
            Err(SearchError::Store(StoreError::Keys(VaultError::UnknownKey))) if by_keys < ATTEMPTS_BY_KEYS => by_keys += 1,
            done => return done,
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    read()
}

fn history_now(shared: &Shared, query: &HistoryQuery) -> search::budget::Result<History> {
    let index = shared.index();
    let page = {
        let reader = shared.pool.reader()?;
        history::history(&index.snapshot(), &reader, query)?
    };
    let versions = shared.versions_fetching(&page.hits, &mut { usize::MAX }, query.most_bytes.unwrap_or(usize::MAX))?.unwrap_or_default();
    let is_short = versions.len() < page.hits.len();
    let end = versions.len().checked_sub(1).and_then(|last| page.hits.get(last)).map(|(head, _)| head.row);
    Ok(History { versions, next: if is_short { end } else { page.next }, total: page.total })
}

impl Store for Embedded {
    fn commit(&self, commit: Commit) -> Pending<'_, std::result::Result<Committed, CommitError>> {
        Box::pin(self.commit_now(commit))
    }

    /// Answers on the caller's thread: an index lookup, and a cached text or one point read of the database.
    fn read<'a>(&'a self, tenant: Tenant, key: &'a Key) -> Pending<'a, std::result::Result<Option<Version>, ReadError>> {
        Box::pin(async move {
            self.is_open()?;
            Ok(settled(|| self.read_now(tenant, key).map_err(SearchError::Store))?)
        })
    }

    fn vread<'a>(&'a self, tenant: Tenant, key: &'a Key, version: u64) -> Pending<'a, std::result::Result<Option<Version>, ReadError>> {
        Box::pin(async move {
            self.is_open()?;
            Ok(settled(|| self.vread_now(tenant, key, version).map_err(SearchError::Store))?)
        })
    }

    fn search<'a>(&'a self, query: &'a Query) -> Pending<'a, std::result::Result<Answer, ReadError>> {
        Box::pin(self.once_indexed(query))
    }

    fn history<'a>(&'a self, query: &'a HistoryQuery) -> Pending<'a, std::result::Result<History, ReadError>> {
        let query = query.clone();
        Box::pin(self.blocking(move |shared, _turn| Ok(settled(|| history_now(shared, &query))?)))
    }

    fn changes(&self, tenant: Tenant, after: Sequence, limit: u32) -> Pending<'_, std::result::Result<Vec<Change>, ReadError>> {
        Box::pin(self.blocking(move |shared, _turn| {
            let reader = shared.pool.reader().map_err(StoreError::from)?;
            Ok(feed::changes(&reader, tenant, after, limit)?)
        }))
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.applied.clone()
    }

    fn cursor<'a>(&'a self, tenant: Tenant, name: &'a str) -> Pending<'a, std::result::Result<Sequence, ReadError>> {
        Box::pin(async move { self.in_truth(|connection| feed::cursor(connection, tenant, name)) })
    }

    fn next_number<'a>(&'a self, tenant: Tenant, sequence: &'a str) -> Pending<'a, std::result::Result<u64, ReadError>> {
        Box::pin(async move { self.in_truth(|connection| Ok(guarded::next_number(connection, tenant, sequence)?)) })
    }

    fn balance<'a>(
        &'a self,
        tenant: Tenant,
        ledger: &'a str,
        account: &'a str,
    ) -> Pending<'a, std::result::Result<Option<Balance>, ReadError>> {
        Box::pin(async move { self.in_truth(|connection| Ok(guarded::account(connection, tenant, ledger, account)?.map(Balance::from))) })
    }

    fn claims<'a>(&'a self, tenant: Tenant, subject: &'a str, now: Instant) -> Pending<'a, std::result::Result<Vec<Claim>, ReadError>> {
        Box::pin(async move { self.in_truth(|connection| guarded::claims(connection, tenant, subject, now)) })
    }

    fn take_jobs<'a>(
        &'a self,
        tenant: Tenant,
        kind: &'a str,
        now: Instant,
        lease_until: Instant,
        limit: u32,
    ) -> Pending<'a, std::result::Result<Vec<DueJob>, CommitError>> {
        Box::pin(async move {
            let (answer, answered) = oneshot::channel();
            self.queue.send(Order::Take(Take { tenant, kind: kind.to_owned(), now, lease_until, limit }, answer))?;
            answered.await.unwrap_or(Err(CommitError::Closed))
        })
    }
}
