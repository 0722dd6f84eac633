//! Accidents of an engine under test: it fails, is gone, comes back, or goes back to a backup.
//!
//! What an engine has acknowledged must be there after any of them. What was under way may be there as a whole, or not at all: the pair finds out
//! which when the engine is open again, and the reference engine follows.

use crate::commit::{Commit, CommitError, Instant, Tenant};
use crate::contract::Store;
use crate::memory::MemoryStore;
use crate::query::DueJob;

use super::pair::Pair;

/// What changed the reference engine.
pub(super) enum Done {
    /// A commit, at a moment.
    Commit(Box<Commit>, Instant),
    Take(Take),
}

/// What failed, and may or may not have been done.
pub(super) enum Doubt {
    Commit(Box<Commit>),
    Take(Take),
}

/// Taking jobs.
#[derive(Clone)]
pub(super) struct Take {
    pub(super) tenant: Tenant,
    pub(super) kind: String,
    pub(super) now: Instant,
    pub(super) lease_until: Instant,
    pub(super) limit: u32,
}

impl Take {
    pub(super) async fn of(&self, store: &dyn Store) -> Result<Vec<DueJob>, CommitError> {
        store.take_jobs(self.tenant, &self.kind, self.now, self.lease_until, self.limit).await
    }
}

/// A moment that [`Pair::go_back`] leads to.
#[derive(Clone, Copy, Debug)]
pub struct Moment(usize);

impl Pair {
    /// From now on the engine may fail. When it says that there is no room, nothing was done; after any other failure it must be opened again.
    pub fn accept_failures(&mut self) {
        self.may_fail = true;
    }

    /// Whether the engine has failed, so that nobody knows what it did last: nothing more is asked of it before it is opened again.
    pub fn is_in_doubt(&self) -> bool {
        self.doubt.is_some()
    }

    /// Says that it does not matter what the engine did last: the store becomes what it was before.
    pub fn forget_doubt(&mut self) {
        self.doubt = None;
    }

    /// Whether a call failed as it may; if so, `doubt` is what it was.
    pub(super) fn failed<T>(&mut self, answer: &Result<T, CommitError>, doubt: impl FnOnce() -> Doubt) -> bool {
        match answer {
            Err(CommitError::Full) if self.may_fail => {
                self.report.add("full");
                true
            }
            Err(CommitError::Engine(_) | CommitError::Closed) if self.may_fail => {
                self.report.add("in doubt");
                self.doubt = Some(doubt());
                true
            }
            _ => false,
        }
    }

    /// Drops the engine's store.
    pub fn close(&mut self) {
        self.tested = None;
    }

    /// Opens the store again, and finds out what became of what had failed.
    pub async fn open(&mut self) {
        self.tested = Some(self.harness.open(self.clock.clone()).await);
        match self.doubt.take() {
            Some(Doubt::Commit(commit)) => self.settle_commit(*commit).await,
            Some(Doubt::Take(take)) => self.settle_take(take).await,
            None => {}
        }
    }

    /// It was applied if the tenant has one commit more.
    async fn settle_commit(&mut self, commit: Commit) {
        let known = self.reference.changes(commit.tenant, 0, u32::MAX).await.expect("the change feed").len() as u64;
        let more = self.tested().changes(commit.tenant, known, u32::MAX).await.expect("the change feed");
        let Some(last) = more.last() else { return };
        assert_eq!(more.len(), 1, "more commits than were ever asked for");
        self.report.add("done after all");
        self.clock.set(last.at);
        self.reference.commit(commit.clone()).await.expect("a commit that the engine has applied");
        self.done.push(Done::Commit(Box::new(commit), last.at));
        self.clock.set(self.now);
    }

    /// It was applied if the jobs are not there to be taken once more.
    async fn settle_take(&mut self, take: Take) {
        let tested = take.of(self.tested()).await;
        let mut reference = take.of(&self.reference).await;
        self.done.push(Done::Take(take.clone()));
        if tested != reference {
            reference = take.of(&self.reference).await;
            self.done.push(Done::Take(take));
        }
        let _ = self.same("taking jobs again", tested, reference);
    }

    /// Moves the clock, forth or back.
    pub fn jump(&mut self, milliseconds: i64) {
        self.now += milliseconds;
        self.clock.set(self.now);
    }

    /// The present moment.
    pub fn moment(&self) -> Moment {
        Moment(self.done.len())
    }

    /// The reference engine becomes what it was at a moment; the engine's store is to become that meanwhile, by a backup.
    pub async fn go_back(&mut self, moment: Moment) {
        self.done.truncate(moment.0);
        self.reference = MemoryStore::new(self.clock.clone());
        for done in &self.done {
            match done {
                Done::Commit(commit, at) => {
                    self.clock.set(*at);
                    self.reference.commit((**commit).clone()).await.expect("a commit that was applied before");
                }
                Done::Take(take) => drop(take.of(&self.reference).await),
            }
        }
        self.clock.set(self.now);
        self.report.add("back to a backup");
    }
}
