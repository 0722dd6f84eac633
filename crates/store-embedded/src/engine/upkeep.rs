//! What an operator does with a store while it serves: checks and rebuilds its index, and backs it up.

use std::path::PathBuf;
use std::sync::Arc;

use store::CommitError;
use tokio::sync::oneshot;

use super::Embedded;
use crate::backup::copy;
use crate::backup::shipping::BackupState;
use crate::error::{Result, StoreError};
use crate::index::blind::Blind;
use crate::index::check::{self, IndexReport};
use crate::index::custom::Custom;
use crate::index::opening::{self, Making, Origin};
use crate::index::replay;
use crate::options::Progress;
use crate::shared::Shared;
use crate::truth::erased_keys::Sealing;
use crate::truth::{self, erased_keys, pool};
use crate::writer::queue::{NewIndex, Order};

impl vault::InUse for Embedded {
    /// Goes through the whole log.
    fn lowest(&self, key: vault::KeyId) -> vault::Result<Option<u32>> {
        let failed = |e: StoreError| vault::VaultError::Records(e.to_string());
        let reader = self.shared.pool.reader().map_err(|e| failed(e.into()))?;
        erased_keys::lowest_version(&reader, key).map_err(failed)
    }
}

impl Embedded {
    /// What of the database is sealed. Goes through the whole log.
    ///
    /// # Errors
    /// When the truth cannot be read.
    pub fn sealing(&self) -> Result<Sealing> {
        erased_keys::sealing(&*self.shared.pool.reader()?)
    }

    /// Whether bodies are sealed that are written now.
    pub fn seals(&self) -> bool {
        self.shared.bodies.are_sealed()
    }

    /// Forgets all texts that it has in memory: to be called when a key was destroyed.
    pub fn forget_texts(&self) {
        self.samples.forget();
        self.shared.forget_all();
    }

    /// Compares the index with the truth, version by version. Commits and reads go on meanwhile; what is committed after
    /// the call began is not looked at. What is being indexed by new parameters is waited for.
    ///
    /// # Errors
    /// When the truth or the index cannot be read; a difference is no error.
    pub async fn check_index(&self, mut on_progress: impl FnMut(Progress) + Send + 'static) -> Result<IndexReport> {
        self.indexed().await;
        let extract = Arc::clone(&self.extract);
        self.upkeep(move |shared| {
            let connection = pool::open_reader(&truth::path_in(&shared.directory))?;
            let index = shared.index();
            check::check(&connection, &shared.bodies, (&index, &index.snapshot()), &*extract, &mut on_progress)
        })
        .await
    }

    /// Makes a new index beside the one in use, and then takes it instead. Commits and reads go on meanwhile. The old one is
    /// removed when the store is opened the next time.
    ///
    /// # Errors
    /// When the truth cannot be read, the new index not be written, or the store closes meanwhile: the old one stays in use.
    /// [`StoreError::Erased`] when something was erased meanwhile, which the new one may have seen: to be done again.
    pub async fn rebuild_index(&self, mut on_progress: impl FnMut(Progress) + Send + 'static) -> Result<()> {
        let (extract, sizes, seal) = (Arc::clone(&self.extract), self.index_sizes, self.index_seal.clone());
        let new = self
            .upkeep(move |shared| {
                let redefined = shared.redefined.load(std::sync::atomic::Ordering::Acquire);
                let connection = pool::open_reader(&truth::path_in(&shared.directory))?;
                let number = opening::number(&connection)? + 1;
                let path = opening::folder(&shared.directory, number);
                if path.exists() {
                    return Err(StoreError::Exists(path));
                }
                let blind = seal.map(|keys| Blind::new(keys, Arc::clone(&extract), number));
                let origin = Origin::of(&connection, extract.fingerprint(), blind.as_ref())?;
                let index = opening::create(&path, &Making { origin, sizes, blind })?;
                Custom::complete(extract.defined()).write(&index);
                replay::catch_up(&connection, &shared.bodies, &index, &*extract, &mut on_progress)?;
                Ok(NewIndex { index, number, redefined })
            })
            .await?;
        let (answer, answered) = oneshot::channel();
        self.queue.send(Order::Adopt(Box::new(new), answer)).map_err(closed)?;
        answered.await.unwrap_or_else(|_| Err(closed(CommitError::Closed)))
    }

    /// Writes a backup into the folder `to`, which it makes: the database as it is at some moment after the call, and a
    /// manifest. Commits and reads go on meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when the folder is there; whatever reading and writing says.
    pub async fn backup(&self, to: impl Into<PathBuf>, mut on_progress: impl FnMut(Progress) + Send + 'static) -> Result<()> {
        let to = to.into();
        self.upkeep(move |shared| copy::backup(&shared.directory, &to, &mut on_progress)).await
    }

    /// How far the continuous backup is; `None` when there is none.
    pub fn backup_state(&self) -> Option<BackupState> {
        self.shipping.as_ref().map(|shipping| shipping.state())
    }

    async fn upkeep<T: Send + 'static>(&self, work: impl FnOnce(&Shared) -> Result<T> + Send + 'static) -> Result<T> {
        let shared = Arc::clone(&self.shared);
        let ended = |_| Err(StoreError::Damaged("the work ended unexpectedly".to_owned()));
        tokio::task::spawn_blocking(move || work(&shared)).await.unwrap_or_else(ended)
    }
}

pub(super) fn closed(_: CommitError) -> StoreError {
    StoreError::Io(std::io::Error::other("the store was closed meanwhile"))
}
