//! A store that fails when told to: the reference store, with one fault at a time before it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use store::commit::{Commit, CommitError, Committed, Conflict, Key, Sequence, Tenant};
use store::contract::{Pending, ReadError};
use store::memory::MemoryStore;
use store::query::{Answer, Query, Version};
use store::{Layer, Store};

/// What happens to the next calls.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// Commits fail so.
    Commit(CommitError),
    /// So many commits lose against another, then all goes well.
    Lose(u32),
    /// Reads and searches fail so.
    Read(ReadError),
    /// Reads panic.
    Panic,
    /// What a read or a search has found is handed out late, so that others get in between.
    Dawdle,
    /// What a search has found is handed out when this fault is taken away.
    Hold,
}

pub(crate) struct FaultyStore {
    pub(crate) inner: MemoryStore,
    pub(crate) fault: Arc<Mutex<Option<Fault>>>,
}

impl FaultyStore {
    fn read_fault(&self) -> Option<ReadError> {
        match self.fault.lock().expect("no panic holds it").clone() {
            Some(Fault::Read(error)) => Some(error),
            Some(Fault::Panic) => panic!("a fault was asked for"),
            _ => None,
        }
    }

    async fn dawdle(&self) {
        let dawdles = matches!(*self.fault.lock().expect("no panic holds it"), Some(Fault::Dawdle));
        if dawdles {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn holds(&self) -> bool {
        matches!(*self.fault.lock().expect("no panic holds it"), Some(Fault::Hold))
    }

    fn commit_fault(&self, commit: &Commit) -> Option<CommitError> {
        let mut fault = self.fault.lock().expect("no panic holds it");
        match &mut *fault {
            Some(Fault::Commit(error)) => Some(error.clone()),
            Some(Fault::Lose(times)) if *times > 0 => {
                *times -= 1;
                let kind = commit.put.first().map(|put| &put.key).or(commit.delete.first()).expect("something to write").kind;
                Some(Conflict::Matches { kind, found: Vec::new() }.into())
            }
            _ => None,
        }
    }
}

impl Layer for FaultyStore {
    fn behind(&self) -> &dyn Store {
        &self.inner
    }

    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        match self.commit_fault(&commit) {
            Some(error) => Box::pin(std::future::ready(Err(error))),
            None => self.inner.commit(commit),
        }
    }

    fn read<'a>(&'a self, tenant: Tenant, key: &'a Key) -> Pending<'a, Result<Option<Version>, ReadError>> {
        match self.read_fault() {
            Some(error) => Box::pin(std::future::ready(Err(error))),
            None => Box::pin(async move {
                let found = self.inner.read(tenant, key).await;
                self.dawdle().await;
                found
            }),
        }
    }

    fn search<'a>(&'a self, query: &'a Query) -> Pending<'a, Result<Answer, ReadError>> {
        match self.read_fault() {
            Some(error) => Box::pin(std::future::ready(Err(error))),
            None => Box::pin(async move {
                let found = self.inner.search(query).await;
                self.dawdle().await;
                while self.holds() {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                found
            }),
        }
    }

    fn cursor<'a>(&'a self, tenant: Tenant, name: &'a str) -> Pending<'a, Result<Sequence, ReadError>> {
        match self.read_fault() {
            Some(error) => Box::pin(std::future::ready(Err(error))),
            None => self.inner.cursor(tenant, name),
        }
    }
}
