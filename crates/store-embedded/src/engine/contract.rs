//! The contract over an open store.

use store::commit::{Claim, Commit, CommitError, Committed, Instant, Key, Sequence, Tenant};
use store::contract::{Pending, ReadError, Store};
use store::query::{Answer, Balance, Change, DueJob, Explanation, History, HistoryQuery, Query, Version, Work};
use tokio::sync::{oneshot, watch};

use super::Embedded;
use crate::error::{Result, StoreError};
use crate::history;
use crate::index::head::{Head, VersionAt};
use crate::index::keys;
use crate::search;
use crate::search::budget::Budget;
use crate::search::meter::measure;
use crate::search::view::View;
use crate::truth::{feed, guarded};
use crate::writer::queue::Order;
use crate::writer::work::Take;

impl Embedded {
    fn read_now(&self, tenant: Tenant, key: &Key) -> Result<Option<Version>> {
        let index = self.shared.index();
        match index.snapshot().head(tenant, key)? {
            Some(head) => Ok(Some(self.shared.version(key.clone(), &head)?)),
            None => Ok(None),
        }
    }

    fn vread_now(&self, tenant: Tenant, key: &Key, version: u64) -> Result<Option<Version>> {
        let index = self.shared.index();
        let Some(found) = index.snapshot().version(keys::version(tenant, key, version))? else {
            return Ok(None);
        };
        let VersionAt { row, at, state } = found;
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

impl Store for Embedded {
    fn commit(&self, commit: Commit) -> Pending<'_, std::result::Result<Committed, CommitError>> {
        Box::pin(self.commit_now(commit))
    }

    /// Answers on the caller's thread: an index lookup, and a cached text or one point read of the database.
    fn read<'a>(&'a self, tenant: Tenant, key: &'a Key) -> Pending<'a, std::result::Result<Option<Version>, ReadError>> {
        Box::pin(async move {
            self.is_open()?;
            Ok(self.read_now(tenant, key)?)
        })
    }

    fn vread<'a>(&'a self, tenant: Tenant, key: &'a Key, version: u64) -> Pending<'a, std::result::Result<Option<Version>, ReadError>> {
        Box::pin(async move {
            self.is_open()?;
            Ok(self.vread_now(tenant, key, version)?)
        })
    }

    fn search<'a>(&'a self, query: &'a Query) -> Pending<'a, std::result::Result<Answer, ReadError>> {
        let (query, time) = (query.clone(), self.search_time);
        Box::pin(self.blocking(move |shared| {
            let index = shared.index();
            let snapshot = index.snapshot();
            let started = std::time::Instant::now();
            let mut view = View::new(&snapshot, None, query.tenant, Budget::new(time));
            view.is_explained = query.explain;
            let search::Answer { page, scores, included, truncated, mut steps } = search::search(&view, &query)?;
            let read = |hits| Ok(shared.versions(hits)?);
            let (matches, step) = measure(&view, Work::Read, Vec::len, || read(page.matches))?;
            steps.push(step);
            let included = read(included).map_err(ReadError::from)?;
            let took_us = started.elapsed().as_micros() as u64;
            let explanation = query.explain.then_some(Explanation { steps, took_us });
            let (places, prev, next, total) = (page.places, page.prev, page.next, page.total);
            Ok(Answer { matches, places, scores, included, truncated, prev, next, total, explanation })
        }))
    }

    fn history<'a>(&'a self, query: &'a HistoryQuery) -> Pending<'a, std::result::Result<History, ReadError>> {
        let query = query.clone();
        Box::pin(self.blocking(move |shared| {
            let index = shared.index();
            let page = {
                let reader = shared.pool.reader().map_err(StoreError::from)?;
                history::history(&index.snapshot(), &reader, &query)?
            };
            Ok(History { versions: shared.versions(page.hits)?, next: page.next, total: page.total })
        }))
    }

    fn changes(&self, tenant: Tenant, after: Sequence, limit: u32) -> Pending<'_, std::result::Result<Vec<Change>, ReadError>> {
        Box::pin(self.blocking(move |shared| {
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
