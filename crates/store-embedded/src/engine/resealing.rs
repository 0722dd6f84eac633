//! Bodies sealed anew while the store serves.

use store::CommitError;
use tokio::sync::oneshot;

use super::Embedded;
use super::upkeep::closed;
use crate::error::Result;
use crate::truth::dictionary;
use crate::truth::log;
use crate::truth::resealing::{self, Resealed};
use crate::writer::queue::Order;

/// How many rows before the end what was trained from bodies in clear is looked after: rows are added meanwhile.
const NEAR_THE_END: u64 = 20_000;

impl Embedded {
    /// Seals anew some bodies behind the row `after`: those in clear, those with an older version of their tenant's key, and those that are compressed with a dictionary from before
    /// bodies were sealed. To be called, with what comes back, until nothing is left; from 0 on, whatever was interrupted. Commits and reads go on meanwhile; it takes a moment, and
    /// the first call some seconds where another dictionary is trained, on a thread that may block.
    ///
    /// # Errors
    /// When the truth cannot be read or written, or the keys cannot be used: what was sealed anew before stays so.
    pub fn reseal(&self, after: u64) -> Result<Resealed> {
        if after == 0 {
            self.train_another()?;
        }
        let (anew, through) = {
            let reader = self.shared.pool.reader()?;
            resealing::next(&reader, &self.shared.bodies, &*self.extract, after)?
        };
        let mut done = 0;
        if !anew.is_empty() {
            done = self.ask(|answer| Order::Reseal(anew, answer))?;
        }
        let left = log::last_row(&*self.shared.pool.reader()?)?.saturating_sub(through);
        if left <= NEAR_THE_END {
            self.ask(Order::DropDictionaries)?;
        }
        Ok(Resealed { done, through, left })
    }

    /// Trains a dictionary from bodies without anybody's content, when the newest one was trained from bodies in clear.
    fn train_another(&self) -> Result<()> {
        let trained = {
            let reader = self.shared.pool.reader()?;
            let is_clear = resealing::trained_in_clear(&reader)?.is_some_and(|old| self.shared.bodies.dictionaries.newest() <= old);
            if !self.shared.bodies.are_sealed() || !is_clear {
                return Ok(());
            }
            dictionary::train(&resealing::samples(&reader, &self.shared.bodies)?)
        };
        match trained {
            Some(bytes) => self.queue.send(Order::Dictionary(bytes)).map_err(closed)?,
            None => tracing::warn!("there are too few bodies for another dictionary: the one from before they were sealed stays"),
        }
        // The writer does what is asked in its order: the dictionary is there when it has answered this.
        self.ask(Order::DropDictionaries)
    }

    /// Has the writer do something, and waits for it.
    fn ask<T>(&self, order: impl FnOnce(oneshot::Sender<Result<T>>) -> Order) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        self.queue.send(order(answer)).map_err(closed)?;
        answered.blocking_recv().unwrap_or_else(|_| Err(closed(CommitError::Closed)))
    }
}
