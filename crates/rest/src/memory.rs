//! Memory that requests take up, bounded in sum: for bodies on their way in, for answers on their way out, for long heads.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Room is handed out in pieces of this many bytes.
const PIECE_BYTES: usize = 1024;

/// So much memory, for one purpose.
pub(crate) struct Memory {
    room: Arc<Semaphore>,
    pieces: u32,
    /// Those that may wait for more while they hold some. When the room is gone they would wait for each other: the others give up what they
    /// have, so that these can finish.
    waiting: Semaphore,
    wait: Duration,
}

/// Room taken; it is given back when this is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    permit: Option<OwnedSemaphorePermit>,
}

/// There is no room, and there came to be none within the time that somebody waits for it.
#[derive(Debug)]
pub(crate) struct Full;

impl Memory {
    /// `bytes` of memory. `waiting` holders may wait for more, each for as long as `wait`.
    pub(crate) fn new(bytes: usize, waiting: usize, wait: Duration) -> Self {
        let pieces = u32::try_from(bytes.div_ceil(PIECE_BYTES)).unwrap_or(u32::MAX).min(Semaphore::MAX_PERMITS as u32);
        Self { room: Arc::new(Semaphore::new(pieces as usize)), pieces, waiting: Semaphore::new(waiting), wait }
    }

    /// How many bytes are taken.
    pub(crate) fn taken_bytes(&self) -> usize {
        (self.pieces as usize).saturating_sub(self.room.available_permits()) * PIECE_BYTES
    }

    /// Room for so many bytes, in turn with others who ask so. What is larger than all of it takes all of it.
    pub(crate) async fn take(&self, bytes: usize) -> Result<Held, Full> {
        let taken = tokio::time::timeout(self.wait, self.room.clone().acquire_many_owned(self.pieces_of(bytes))).await;
        taken.ok().and_then(Result::ok).map(|permit| Held { permit: Some(permit) }).ok_or(Full)
    }

    /// Room for so many bytes if there is some at once.
    pub(crate) fn try_take(&self, bytes: usize) -> Result<Held, Full> {
        let taken = self.room.clone().try_acquire_many_owned(self.pieces_of(bytes));
        taken.map(|permit| Held { permit: Some(permit) }).map_err(|_| Full)
    }

    /// Room for so many bytes in all, with what is held already: waits for it only as one of the few that may.
    pub(crate) async fn grow(&self, held: &mut Held, bytes: usize) -> Result<(), Full> {
        let more = self.pieces_of(bytes).saturating_sub(held.pieces());
        if more == 0 {
            return Ok(());
        }
        if let Ok(permit) = self.room.clone().try_acquire_many_owned(more) {
            held.add(permit);
            return Ok(());
        }
        let _turn = self.waiting.try_acquire().map_err(|_| Full)?;
        let taken = tokio::time::timeout(self.wait, self.room.clone().acquire_many_owned(more)).await;
        held.add(taken.ok().and_then(Result::ok).ok_or(Full)?);
        Ok(())
    }

    fn pieces_of(&self, bytes: usize) -> u32 {
        u32::try_from(bytes.div_ceil(PIECE_BYTES)).unwrap_or(u32::MAX).min(self.pieces)
    }
}

impl Held {
    /// Nothing yet.
    pub(crate) fn nothing() -> Self {
        Self { permit: None }
    }

    fn pieces(&self) -> u32 {
        self.permit.as_ref().map_or(0, |permit| permit.num_permits() as u32)
    }

    fn add(&mut self, more: OwnedSemaphorePermit) {
        match &mut self.permit {
            Some(permit) => permit.merge(more),
            none => *none = Some(more),
        }
    }
}
