//! The reference engine: the contract in the plainest possible way.
//!
//! Everything is a list in memory under one lock; a search looks at every resource. It is what the other engines are
//! compared with, and small enough to be read in full when two of them disagree. It keeps nothing when it is dropped.

mod claims;
mod commit;
mod erase;
mod expect;
mod extract;
mod feed;
mod include;
mod jobs;
mod ledger;
mod numbers;
mod resources;
mod search;
mod state;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::commit::{Claim, Commit, CommitError, Committed, Instant, Key, Sequence, Tenant};
use crate::contract::{Clock, Extract, Pending, ReadError, Store};
use crate::query::{Answer, Balance, Change, DueJob, History, HistoryQuery, Query, Version};
use state::State;

/// The reference engine.
pub struct MemoryStore {
    state: Mutex<State>,
    clock: Arc<dyn Clock>,
    applied: watch::Sender<u64>,
    /// What extracts entries; `None`: they are taken as they come.
    extract: Option<Arc<dyn Extract>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { state: Mutex::new(State::default()), clock, applied: watch::Sender::new(0), extract: None }
    }

    /// An empty store that extracts the entries of all resources again whenever a commit changes what resources define
    /// ([`Extract::definitions`]).
    pub fn with_extract(clock: Arc<dyn Clock>, extract: Arc<dyn Extract>) -> Self {
        Self { extract: Some(extract), ..Self::new(clock) }
    }

    /// The state. A panic of another thread leaves it whole: commits are judged before they change anything.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer that is already there.
fn ready<'a, T: Send + 'a>(answer: T) -> Pending<'a, T> {
    Box::pin(std::future::ready(answer))
}

impl Store for MemoryStore {
    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        let now = self.clock.now();
        let extract = self.extract.as_deref();
        let changes_definitions = extract.is_some_and(|extract| extract::changes_definitions(extract, &commit));
        let commits = 1 + commit.trails.len() as u64;
        let result = {
            let mut state = self.state();
            let result = state.commit(extract::renewed(extract, commit), now);
            if let (Some(extract), true, true) = (extract, changes_definitions, result.is_ok()) {
                state.define(extract);
            }
            result
        };
        if result.is_ok() {
            self.applied.send_modify(|count| *count += commits);
        }
        ready(result.map_err(CommitError::from))
    }

    fn read<'a>(&'a self, tenant: Tenant, key: &'a Key) -> Pending<'a, Result<Option<Version>, ReadError>> {
        ready(Ok(self.state().view(tenant).current(key).map(state::Row::version)))
    }

    fn vread<'a>(&'a self, tenant: Tenant, key: &'a Key, version: u64) -> Pending<'a, Result<Option<Version>, ReadError>> {
        ready(Ok(self.state().view(tenant).versions(key).find(|row| row.version == version).map(state::Row::version)))
    }

    fn search<'a>(&'a self, query: &'a Query) -> Pending<'a, Result<Answer, ReadError>> {
        let mut state = self.state();
        let view = resources::View { as_of: query.as_of, ..state.view(query.tenant) };
        ready(Ok(search::search(&view, query)))
    }

    fn history<'a>(&'a self, query: &'a HistoryQuery) -> Pending<'a, Result<History, ReadError>> {
        ready(Ok(feed::history(&self.state().view(query.tenant), query)))
    }

    fn changes(&self, tenant: Tenant, after: Sequence, limit: u32) -> Pending<'_, Result<Vec<Change>, ReadError>> {
        ready(Ok(feed::changes(&self.state().view(tenant), after, limit)))
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.applied.subscribe()
    }

    fn cursor<'a>(&'a self, tenant: Tenant, name: &'a str) -> Pending<'a, Result<Sequence, ReadError>> {
        ready(Ok(self.state().tenant(tenant).cursors.get(name).copied().unwrap_or(0)))
    }

    fn next_number<'a>(&'a self, tenant: Tenant, sequence: &'a str) -> Pending<'a, Result<u64, ReadError>> {
        ready(Ok(numbers::next(&self.state().tenant(tenant).numbers, sequence)))
    }

    fn balance<'a>(&'a self, tenant: Tenant, ledger: &'a str, account: &'a str) -> Pending<'a, Result<Option<Balance>, ReadError>> {
        ready(Ok(ledger::balance(&self.state().tenant(tenant).accounts, ledger, account)))
    }

    fn claims<'a>(&'a self, tenant: Tenant, subject: &'a str, now: Instant) -> Pending<'a, Result<Vec<Claim>, ReadError>> {
        ready(Ok(claims::in_force(&self.state().tenant(tenant).claims, subject, now)))
    }

    fn take_jobs<'a>(
        &'a self,
        tenant: Tenant,
        kind: &'a str,
        now: Instant,
        lease_until: Instant,
        limit: u32,
    ) -> Pending<'a, Result<Vec<DueJob>, CommitError>> {
        ready(Ok(self.state().tenant(tenant).jobs.take(kind, now, lease_until, limit)))
    }
}
