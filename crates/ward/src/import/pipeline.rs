//! The way of an import: one thread reads, several parse and check, and groups of resources go to the target.
//!
//! [`read`] cuts the source into batches, [`gather`] is what a worker does with them, [`deferred`] keeps what waits for the end.

mod deferred;
mod gather;
mod read;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};

pub use read::Work;

use self::deferred::Deferred;
use super::ledger::{Ledger, Rejected, Summary};
use super::prepare::Preparer;
use super::target::{Settle, Target};
use crate::command::Failure;
use crate::progress::Progress;

/// How many resources go into one group: the store takes several commits at a time into one sync.
const COMMIT_SIZE: usize = 500;

/// An import that is about to begin.
pub struct Pipeline {
    shared: Arc<Shared>,
    workers: usize,
    bytes: Option<(Arc<AtomicU64>, u64)>,
}

struct Shared {
    target: Arc<Target>,
    preparer: Preparer,
    ledger: Arc<Ledger>,
    deferred: Mutex<Deferred>,
    /// A permit for each group that may be on its way.
    writes: Semaphore,
    /// How many permits there are.
    most_writes: u32,
}

impl Pipeline {
    /// An import into `target` with so many workers (as many as there are processors when 0).
    pub fn new(target: Target, threads: usize, rejects: Rejected) -> Self {
        let workers = if threads > 0 { threads } else { std::thread::available_parallelism().map_or(2, usize::from) };
        let (target, ledger) = (Arc::new(target), Arc::new(Ledger::new(rejects)));
        let most_writes = workers as u32 * 4;
        let shared = Shared {
            preparer: Preparer::new(target.clone(), ledger.clone()),
            target,
            ledger,
            deferred: Mutex::default(),
            writes: Semaphore::new(most_writes as usize),
            most_writes,
        };
        Self { shared: Arc::new(shared), workers, bytes: None }
    }

    /// Shows progress by the bytes read of all bytes.
    pub fn measure(&mut self, done: Arc<AtomicU64>, all: u64) {
        self.bytes = Some((done, all));
    }

    /// Takes in everything that `source` hands out. It is called on a thread of its own with a function that takes a piece of work,
    /// waits while the workers are busy, and answers `false` when the import has failed.
    pub async fn run(self, source: impl FnOnce(&mut dyn FnMut(Work) -> bool) + Send + 'static) -> Result<Summary, Failure> {
        let mut progress = Progress::start("resources");
        let (sender, receiver) = mpsc::channel::<Vec<Work>>(self.workers * 2);
        let receiver = Arc::new(Mutex::new(receiver));
        let reader = tokio::task::spawn_blocking({
            let shared = self.shared.clone();
            move || read::read(source, &sender, &shared.ledger)
        });
        let workers: Vec<_> = (0..self.workers)
            .map(|_| {
                let (shared, receiver) = (self.shared.clone(), receiver.clone());
                tokio::task::spawn_blocking(move || gather::work(&shared, &receiver))
            })
            .collect();
        let shown = async {
            loop {
                tokio::time::sleep(Duration::from_millis(200)).await;
                self.show(&mut progress);
            }
        };
        let finished = async {
            let read = reader.await;
            for worker in workers {
                worker.await.map_err(broke_off)?;
            }
            read.map_err(broke_off)?;
            self.finish().await
        };
        tokio::select! {
            () = shown => {}
            result = finished => result?,
        }
        progress.clear();
        self.shared.ledger.close(&progress)
    }

    fn show(&self, progress: &mut Progress) {
        let share = self.bytes.as_ref().map_or(0.0, |(done, all)| done.load(Ordering::Relaxed) as f64 / (*all).max(1) as f64);
        progress.show_share(self.shared.ledger.handled(), share);
    }

    /// Does what was put off. What is chosen by criteria may wait in the target for something else, and the other way round: so each has
    /// its turns.
    async fn finish(&self) -> Result<(), Failure> {
        self.all_written().await;
        for (which, is_last_try) in [(Settle::SelfContained, false), (Settle::All, true)] {
            if self.shared.deferred.lock().is_ok_and(|deferred| deferred.is_empty()) {
                break;
            }
            self.shared.target.settle(which, &self.shared.ledger).await;
            let shared = self.shared.clone();
            tokio::task::spawn_blocking(move || deferred::retry(&shared, is_last_try)).await.map_err(broke_off)?;
            self.all_written().await;
        }
        self.shared.target.settle(Settle::All, &self.shared.ledger).await;
        self.shared.target.give_up(&self.shared.ledger);
        Ok(())
    }

    /// Waits until no group is on its way any more: then all permits are back.
    async fn all_written(&self) {
        drop(self.shared.writes.acquire_many(self.shared.most_writes).await);
    }
}

fn broke_off(error: tokio::task::JoinError) -> Failure {
    Failure::failed(format!("the import broke off: {error}"))
}
