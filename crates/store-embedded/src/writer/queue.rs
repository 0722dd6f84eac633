//! What waits for the writer, bounded by the memory it takes.

use std::sync::Arc;
use std::time::Duration;

use store::commit::{CommitError, Committed};
use store::query::DueJob;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::prepared::Prepared;
use super::work::Take;
use crate::index::Index;
use crate::indexer::IndexStep;
use crate::truth::resealing::SealedAnew;

/// What is asked of the writer.
pub(crate) enum Order {
    /// Apply a commit.
    Commit(Box<Prepared>, oneshot::Sender<Result<Committed, CommitError>>, OwnedSemaphorePermit),
    /// Lease jobs.
    Take(Take, oneshot::Sender<Result<Vec<DueJob>, CommitError>>),
    /// Keep a dictionary that was trained.
    Dictionary(Vec<u8>),
    /// Bring an index that was made anew up to the last row, and use it from now on.
    Adopt(Box<NewIndex>, oneshot::Sender<crate::error::Result<()>>),
    /// Write a step of indexing by parameters that came in later. Says whether it was, or is not of this moment any more.
    Index(Box<IndexStep>, oneshot::Sender<bool>),
    /// Put bodies that were sealed anew in the place of what was read. Says how many.
    Reseal(Vec<SealedAnew>, oneshot::Sender<crate::error::Result<u64>>),
    /// Remove the dictionaries that were trained from bodies in clear, when no body needs them any more.
    DropDictionaries(oneshot::Sender<crate::error::Result<()>>),
    /// Look at the write-ahead log: the backup has it all.
    Keep,
    /// Stop, once everything before it is done.
    Close,
}

/// An index that was made anew.
pub(crate) struct NewIndex {
    pub(crate) index: Index,
    /// That of its folder.
    pub(crate) number: u64,
    /// [`crate::shared::Shared::redefined`] before it was begun.
    pub(crate) redefined: u64,
}

/// How many KiB may wait.
const MOST_KIB: u32 = 32 * 1024;

/// The way to the writer.
#[derive(Clone)]
pub(crate) struct Queue {
    orders: mpsc::UnboundedSender<Order>,
    room: Arc<Semaphore>,
    patience: Duration,
}

impl Queue {
    pub(crate) fn new(patience: Duration) -> (Self, mpsc::UnboundedReceiver<Order>) {
        let (orders, receiver) = mpsc::unbounded_channel();
        (Self { orders, room: Arc::new(Semaphore::new(MOST_KIB as usize)), patience }, receiver)
    }

    /// Queues a commit, when there is room for it or there comes to be some within the patience.
    pub(crate) async fn commit(&self, prepared: Prepared) -> Result<Committed, CommitError> {
        let kib = u32::try_from(prepared.bytes / 1024 + 1).unwrap_or(u32::MAX).min(MOST_KIB);
        let room = match Arc::clone(&self.room).try_acquire_many_owned(kib) {
            Ok(room) => room,
            Err(_) => match tokio::time::timeout(self.patience, Arc::clone(&self.room).acquire_many_owned(kib)).await {
                Ok(Ok(room)) => room,
                Ok(Err(_)) => return Err(CommitError::Closed),
                Err(_) => return Err(CommitError::Busy),
            },
        };
        let (answer, answered) = oneshot::channel();
        self.send(Order::Commit(Box::new(prepared), answer, room))?;
        answered.await.unwrap_or(Err(CommitError::Closed))
    }

    /// Queues something else; it takes no room.
    pub(crate) fn send(&self, order: Order) -> Result<(), CommitError> {
        self.orders.send(order).map_err(|_| CommitError::Closed)
    }
}
