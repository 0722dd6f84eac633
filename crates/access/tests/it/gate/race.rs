//! What others change between the look and the commit.

use std::sync::{Arc, Mutex};

use access::Gate;
use search::Live;
use store::Store;
use store::commit::{Claim, Commit, CommitError, Committed, Conflict, Instant, Key, Sequence, Tenant};
use store::contract::{Pending, ReadError};
use store::memory::MemoryStore;
use store::query::{Answer, Balance, Change, DueJob, History, HistoryQuery, Query, Version};
use tokio::sync::watch;

use crate::gate::world::{World, commit, conflict, key, observation};

/// A store in which somebody else is faster: their commit is applied before the first that comes.
struct Overtaken {
    store: Arc<MemoryStore>,
    first: Mutex<Option<Commit>>,
}

impl Store for Overtaken {
    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        let first = self.first.lock().expect("a lock").take();
        Box::pin(async move {
            if let Some(first) = first {
                self.store.commit(first).await.expect("it is written");
            }
            self.store.commit(commit).await
        })
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

/// What becomes of a commit of Patient 1 when another one is applied just before it.
async fn overtaken(world: &World, first: Commit, own: Commit) -> Result<Committed, CommitError> {
    let store = Arc::new(Overtaken { store: world.store.clone(), first: Mutex::new(Some(first)) });
    let gate = Gate::new(store, Live::from(world.registry.clone()), Arc::new(world.own("1")));
    gate.commit(own).await
}

fn puts(world: &World, text: &str) -> Commit {
    Commit { put: vec![world.ready(text)], ..commit() }
}

#[tokio::test]
async fn what_became_somebody_else_s_meanwhile_is_not_written() {
    let world = World::hospital().await;
    let (moved, own) = (puts(&world, &observation("o1", "2", "final")), puts(&world, &observation("o1", "1", "amended")));
    assert_eq!(conflict(overtaken(&world, moved, own).await), Conflict::Missing(key("Observation/o1")));
}

#[tokio::test]
async fn what_became_somebody_else_s_meanwhile_is_not_deleted() {
    let world = World::hospital().await;
    let moved = puts(&world, &observation("o1", "2", "final"));
    let own = Commit { delete: vec![key("Observation/o1")], ..commit() };
    assert_eq!(overtaken(&world, moved, own).await.expect("it is applied").versions, [0]);
}

#[tokio::test]
async fn what_is_still_one_s_own_is_written_at_the_second_try() {
    let world = World::hospital().await;
    let (changed, own) = (puts(&world, &observation("o1", "1", "corrected")), puts(&world, &observation("o1", "1", "amended")));
    assert_eq!(overtaken(&world, changed, own).await.expect("it is applied").versions, [3]);
}
