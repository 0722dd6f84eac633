//! A store as it was at a moment.

use std::sync::Arc;

use crate::commit::{Commit, CommitError, Committed, Instant, Key, Tenant};
use crate::contract::{Pending, ReadError, Store};
use crate::layer::Layer;
use crate::query::{Answer, DueJob, History, HistoryQuery, Query, Scope, Version};

/// The resources of a store as they were at a moment ([`Query::as_of`]): whoever reads through it needs not know. What is no resource (claims, balances, numbers,
/// the change feed) is that of now.
///
/// Nothing is written through it: [`CommitError::Engine`] for every commit, and for whoever takes jobs.
pub struct AsOf {
    store: Arc<dyn Store>,
    moment: Instant,
}

impl AsOf {
    /// The store at the moment.
    pub fn new(store: Arc<dyn Store>, moment: Instant) -> Self {
        Self { store, moment }
    }

    /// The moment.
    pub fn moment(&self) -> Instant {
        self.moment
    }

    fn no_later(&self, moment: Option<Instant>) -> Option<Instant> {
        Some(moment.map_or(self.moment, |moment| moment.min(self.moment)))
    }
}

fn refused<T>() -> Result<T, CommitError> {
    Err(CommitError::Engine("the past does not change: a commit went to a store as it was".to_owned()))
}

impl Layer for AsOf {
    fn behind(&self) -> &dyn Store {
        &*self.store
    }

    fn commit(&self, _: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        Box::pin(async { refused() })
    }

    /// The version of that time, a deletion included: the newest one of the history up to the moment.
    fn read<'a>(&'a self, tenant: Tenant, key: &'a Key) -> Pending<'a, Result<Option<Version>, ReadError>> {
        Box::pin(async move {
            let scope = Scope::Instance(key.clone());
            let query = HistoryQuery { tenant, scope, since: None, until: Some(self.moment), before: None, most_bytes: None, count: 1 };
            Ok(self.store.history(&query).await?.versions.pop())
        })
    }

    fn vread<'a>(&'a self, tenant: Tenant, key: &'a Key, version: u64) -> Pending<'a, Result<Option<Version>, ReadError>> {
        Box::pin(async move {
            let found = self.store.vread(tenant, key, version).await?;
            Ok(found.filter(|found| found.last_updated <= self.moment))
        })
    }

    fn search<'a>(&'a self, query: &'a Query) -> Pending<'a, Result<Answer, ReadError>> {
        Box::pin(async move { self.store.search(&Query { as_of: self.no_later(query.as_of), ..query.clone() }).await })
    }

    fn history<'a>(&'a self, query: &'a HistoryQuery) -> Pending<'a, Result<History, ReadError>> {
        Box::pin(async move { self.store.history(&HistoryQuery { until: self.no_later(query.until), ..query.clone() }).await })
    }

    fn take_jobs<'a>(&'a self, _: Tenant, _: &'a str, _: Instant, _: Instant, _: u32) -> Pending<'a, Result<Vec<DueJob>, CommitError>> {
        Box::pin(async { refused() })
    }
}
