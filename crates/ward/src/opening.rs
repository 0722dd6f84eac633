//! A store that is still being opened: what is asked of it waits until it is there.
//!
//! So the server answers what needs no data at once, and says by `/health/ready` when it is ready for the rest: after a crash, opening replays
//! what the index has missed. When there is no room on the disk to open it, what is asked is refused, until there is.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use store::Store;
use store::commit::{Claim, Commit, CommitError, Committed, Instant, Key, Sequence, Tenant};
use store::contract::{Pending, ReadError};
use store::query::{Answer, Balance, Change, DueJob, History, HistoryQuery, Query, Version};
use store_embedded::{BackupState, Embedded};
use tokio::sync::watch;

/// The place of an engine that will be there.
pub struct Opening {
    engine: OnceLock<Arc<Embedded>>,
    is_open: watch::Sender<bool>,
    applied: Arc<watch::Sender<u64>>,
    /// Whether there is no room on the disk to open the engine.
    lacks_room: AtomicBool,
}

impl Opening {
    /// A place without an engine.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            engine: OnceLock::new(),
            is_open: watch::Sender::new(false),
            applied: Arc::new(watch::Sender::new(0)),
            lacks_room: AtomicBool::new(false),
        })
    }

    /// Puts the engine in its place. Must be called within the runtime, and once.
    pub fn open(&self, engine: Arc<Embedded>) {
        let (mut commits, applied) = (engine.watch(), self.applied.clone());
        tokio::spawn(async move {
            while commits.changed().await.is_ok() {
                applied.send_replace(*commits.borrow_and_update());
            }
        });
        if self.engine.set(engine).is_ok() {
            self.is_open.send_replace(true);
        }
    }

    /// The engine cannot be opened before there is room on the disk: until then nothing waits for it. Says whether that is news.
    pub fn tell_of_lacking_room(&self) -> bool {
        let is_news = !self.lacks_room.swap(true, Ordering::Relaxed);
        self.is_open.send_modify(|_| {});
        is_news
    }

    /// Makes the engine forget the texts that it has in memory, if it is there.
    pub fn forget_texts(&self) {
        if let Some(engine) = self.engine.get() {
            engine.forget_texts();
        }
    }

    /// Whether bodies are sealed that are written now.
    pub fn seals(&self) -> bool {
        self.engine.get().is_some_and(|engine| engine.seals())
    }

    /// How far the continuous backup is; `None` when there is none, or the engine is not there yet.
    pub fn backup_state(&self) -> Option<BackupState> {
        self.engine.get()?.backup_state()
    }

    /// The engine, once it is open; `None` when there is no room to open it.
    async fn opened(&self) -> Option<&Embedded> {
        let is_decided = |is_open: &bool| *is_open || self.lacks_room.load(Ordering::Relaxed);
        self.is_open.subscribe().wait_for(is_decided).await.ok()?;
        self.engine.get().map(|engine| &**engine)
    }

    fn ask<'a, T: 'a, E: 'a + Send>(
        &'a self,
        full: E,
        ask: impl FnOnce(&'a Embedded) -> Pending<'a, Result<T, E>> + Send + 'a,
    ) -> Pending<'a, Result<T, E>> {
        match self.engine.get() {
            Some(engine) => ask(engine),
            None => Box::pin(async move {
                match self.opened().await {
                    Some(engine) => ask(engine).await,
                    None => Err(full),
                }
            }),
        }
    }
}

impl Store for Opening {
    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        self.ask(CommitError::Full, |engine| engine.commit(commit))
    }

    fn read<'a>(&'a self, tenant: Tenant, key: &'a Key) -> Pending<'a, Result<Option<Version>, ReadError>> {
        self.ask(ReadError::Full, move |engine| engine.read(tenant, key))
    }

    fn vread<'a>(&'a self, tenant: Tenant, key: &'a Key, version: u64) -> Pending<'a, Result<Option<Version>, ReadError>> {
        self.ask(ReadError::Full, move |engine| engine.vread(tenant, key, version))
    }

    fn search<'a>(&'a self, query: &'a Query) -> Pending<'a, Result<Answer, ReadError>> {
        self.ask(ReadError::Full, move |engine| engine.search(query))
    }

    fn history<'a>(&'a self, query: &'a HistoryQuery) -> Pending<'a, Result<History, ReadError>> {
        self.ask(ReadError::Full, move |engine| engine.history(query))
    }

    fn changes(&self, tenant: Tenant, after: Sequence, limit: u32) -> Pending<'_, Result<Vec<Change>, ReadError>> {
        self.ask(ReadError::Full, move |engine| engine.changes(tenant, after, limit))
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.applied.subscribe()
    }

    fn cursor<'a>(&'a self, tenant: Tenant, name: &'a str) -> Pending<'a, Result<Sequence, ReadError>> {
        self.ask(ReadError::Full, move |engine| engine.cursor(tenant, name))
    }

    fn next_number<'a>(&'a self, tenant: Tenant, sequence: &'a str) -> Pending<'a, Result<u64, ReadError>> {
        self.ask(ReadError::Full, move |engine| engine.next_number(tenant, sequence))
    }

    fn balance<'a>(&'a self, tenant: Tenant, ledger: &'a str, account: &'a str) -> Pending<'a, Result<Option<Balance>, ReadError>> {
        self.ask(ReadError::Full, move |engine| engine.balance(tenant, ledger, account))
    }

    fn claims<'a>(&'a self, tenant: Tenant, subject: &'a str, now: Instant) -> Pending<'a, Result<Vec<Claim>, ReadError>> {
        self.ask(ReadError::Full, move |engine| engine.claims(tenant, subject, now))
    }

    fn take_jobs<'a>(
        &'a self,
        tenant: Tenant,
        kind: &'a str,
        now: Instant,
        lease_until: Instant,
        limit: u32,
    ) -> Pending<'a, Result<Vec<DueJob>, CommitError>> {
        self.ask(CommitError::Full, move |engine| engine.take_jobs(tenant, kind, now, lease_until, limit))
    }
}
