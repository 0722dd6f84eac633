//! What an engine does.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use fhir::definitions::ResourceType;
use tokio::sync::watch;

use crate::commit::{Claim, Commit, CommitError, Committed, Instant, Key, Sequence, Tenant};
use crate::entry::{Entry, Param};
use crate::query::{Answer, Balance, Change, DueJob, History, HistoryQuery, Query, Version};
use crate::secrecy::Secrets;

/// An answer that is on its way.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How far the index is with parameters that came in lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Indexing {
    /// Resources looked at.
    pub done: u64,
    /// Resources there are.
    pub total: u64,
}

impl fmt::Display for Indexing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = (self.done * 100).checked_div(self.total).unwrap_or(0);
        write!(f, "{} of {} resources, {percent} %", self.done, self.total)
    }
}

/// Why a read failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It took longer, or touched more, than is allowed: what to narrow.
    TooCostly(String),
    /// It asks by a parameter that came in lately, and not all resources are indexed by it yet: how far that is.
    Indexing(Indexing),
    /// More is asked than the engine takes: it may be asked again in a moment.
    Busy,
    /// What stands before the engine refused it: by which rule. Engines never answer it.
    Forbidden(Box<str>),
    /// The store is shutting down.
    Closed,
    /// The store cannot be opened before there is room on the disk.
    Full,
    /// The engine failed, or found its data damaged: what it says, without any resource's content.
    Engine(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::TooCostly(what) => write!(f, "too costly: {what}"),
            ReadError::Indexing(indexing) => write!(f, "a parameter is being indexed: {indexing}"),
            ReadError::Busy => f.write_str("more is asked than the store takes"),
            ReadError::Forbidden(why) => write!(f, "forbidden: {why}"),
            ReadError::Closed => f.write_str("the store is shutting down"),
            ReadError::Full => f.write_str("there is no room to open the store"),
            ReadError::Engine(what) => write!(f, "the engine failed: {what}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// An engine. Every method sees a state that some prefix of the commits made, whole commits only, and one that has
/// everything acknowledged before the call.
pub trait Store: Send + Sync {
    /// Applies a commit, and answers when it is durable.
    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>>;

    /// The current version of a resource, a deletion included; `None` when it never existed.
    fn read<'a>(&'a self, tenant: Tenant, key: &'a Key) -> Pending<'a, Result<Option<Version>, ReadError>>;

    /// A version of a resource, a deletion included; `None` when there is none of that number.
    fn vread<'a>(&'a self, tenant: Tenant, key: &'a Key, version: u64) -> Pending<'a, Result<Option<Version>, ReadError>>;

    /// A search.
    fn search<'a>(&'a self, query: &'a Query) -> Pending<'a, Result<Answer, ReadError>>;

    /// A history.
    fn history<'a>(&'a self, query: &'a HistoryQuery) -> Pending<'a, Result<History, ReadError>>;

    /// At most `limit` commits of the change feed that come after `after`, in order; none when there are no more yet.
    fn changes(&self, tenant: Tenant, after: Sequence, limit: u32) -> Pending<'_, Result<Vec<Change>, ReadError>>;

    /// The number of commits, of all tenants, applied by this engine since it opened: wakes whoever follows the feed.
    fn watch(&self) -> watch::Receiver<u64>;

    /// The place of a cursor; 0 when it was never moved.
    fn cursor<'a>(&'a self, tenant: Tenant, name: &'a str) -> Pending<'a, Result<Sequence, ReadError>>;

    /// The next number that a sequence will give: 1 when none was drawn. By the time of a commit it may be taken.
    fn next_number<'a>(&'a self, tenant: Tenant, sequence: &'a str) -> Pending<'a, Result<u64, ReadError>>;

    /// What an account holds; `None` when nothing was ever posted to it.
    fn balance<'a>(&'a self, tenant: Tenant, ledger: &'a str, account: &'a str) -> Pending<'a, Result<Option<Balance>, ReadError>>;

    /// The claims of a subject that are in force at `now`, ordered by start and holder.
    fn claims<'a>(&'a self, tenant: Tenant, subject: &'a str, now: Instant) -> Pending<'a, Result<Vec<Claim>, ReadError>>;

    /// Takes at most `limit` jobs of a kind that are due at `now` (their `not_before` has come, and no lease reaches beyond `now`), by their numbers, and leases them until `lease_until`: another gets them after that,
    /// unless a commit has finished them.
    fn take_jobs<'a>(
        &'a self,
        tenant: Tenant,
        kind: &'a str,
        now: Instant,
        lease_until: Instant,
        limit: u32,
    ) -> Pending<'a, Result<Vec<DueJob>, CommitError>>;
}

/// Derives the index entries of a stored resource again: for an engine whose index was lost, or fell behind.
pub trait Extract: Send + Sync {
    /// The entries and the date of the resource `text`, exactly as they were given with [`crate::commit::Put`].
    fn extract(&self, kind: ResourceType, text: &[u8]) -> (Vec<Entry>, Instant);

    /// Changes whenever the same resource could give other entries than before, what resources define left aside: an index made under
    /// another one is rebuilt.
    fn fingerprint(&self) -> u64;

    /// The type of the resources that define more entries: `SearchParameter`. `None` when none do.
    fn definitions(&self) -> Option<ResourceType> {
        None
    }

    /// Takes what these resources define, and nothing else, as what resources define from now on: all resources of
    /// [`Extract::definitions`] that the tenant [`crate::commit::DEFINING`] has, in their current versions.
    ///
    /// An engine calls it when it opens, and after each commit that has changed one of them, before it answers.
    fn define(&self, _definitions: &[(Key, Bytes)]) {}

    /// The parameters that resources define, by the type that has them, sorted.
    fn defined(&self) -> Vec<(ResourceType, Vec<Param>)> {
        Vec::new()
    }

    /// Tells this extractor, with what resources define, from any other: see [`crate::commit::Put::extractor`]. 0 when it does not matter.
    fn identity(&self) -> u64 {
        0
    }

    /// The parameters whose entries an engine that seals its index keeps as keyed hashes only. None, unless that is asked for.
    fn secrets(&self) -> Arc<Secrets> {
        Arc::default()
    }
}

/// Tells the time. The store asks it once for each group of commits.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Instant;
}
