//! Whose turn it is to search.
//!
//! Every search begins among the short ones, of which so many run at once: most are answered within a few milliseconds. One that takes longer
//! makes room for them, and goes on as one of the few long ones that may run at once. So however many long searches there are, processors are
//! left for the short ones and for whoever reads by id.

use std::cell::{Cell, RefCell};
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use store::contract::ReadError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::search::budget::SearchError;

/// How long a search is a short one.
const SHORT: Duration = Duration::from_millis(25);

/// How many searches may wait to become long ones: each keeps a thread.
const MOST_WAITING: usize = 64;

/// How often one that waits looks whether anybody still waits for its answer.
const LOOK: Duration = Duration::from_millis(100);

/// The turns of a store.
pub(crate) struct Turns {
    short: Arc<Semaphore>,
    long: Mutex<Long>,
    freed: Condvar,
    most_long: usize,
    patience: Duration,
}

#[derive(Default)]
struct Long {
    running: usize,
    waiting: usize,
}

/// A search that has its turn, until this is dropped.
pub(crate) struct Turn {
    turns: Arc<Turns>,
    short: RefCell<Option<OwnedSemaphorePermit>>,
    is_long: Cell<bool>,
    began: Instant,
    is_unheard: Arc<AtomicBool>,
}

/// Whoever waits for an answer. When this is dropped, nobody does any more, and the search ends.
pub(crate) struct Caller(Arc<AtomicBool>);

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// How many searches run at once when nothing says otherwise: short ones, which sometimes wait for a disk, and long ones.
pub(crate) fn defaults() -> (usize, usize) {
    let processors = std::thread::available_parallelism().map_or(2, NonZero::get);
    ((2 * processors).max(4), (processors / 2).max(1))
}

impl Turns {
    /// Turns for so many short and long searches at once. One waits for its turn as long as `patience`, each time.
    pub(crate) fn new(short: usize, long: usize, patience: Duration) -> Arc<Self> {
        let short = Arc::new(Semaphore::new(short.clamp(1, Semaphore::MAX_PERMITS)));
        Arc::new(Self { short, long: Mutex::default(), freed: Condvar::new(), most_long: long.max(1), patience })
    }

    /// A turn among the short ones, for a caller. [`ReadError::Busy`] when it does not come in time.
    pub(crate) async fn begin(self: &Arc<Self>) -> Result<(Turn, Caller), ReadError> {
        let permit = match self.short.clone().try_acquire_owned() {
            Ok(permit) => Some(permit),
            Err(_) => tokio::time::timeout(self.patience, self.short.clone().acquire_owned()).await.map_err(|_| ReadError::Busy)?.ok(),
        };
        let caller = Caller(Arc::default());
        let (short, is_unheard) = (RefCell::new(permit), caller.0.clone());
        let turn = Turn { turns: self.clone(), short, is_long: Cell::new(false), began: Instant::now(), is_unheard };
        Ok((turn, caller))
    }

    /// Waits to be one of the long ones.
    fn lengthen(&self, is_unheard: &AtomicBool) -> Result<(), SearchError> {
        let until = Instant::now() + self.patience;
        let mut long = self.long.lock();
        if long.running >= self.most_long {
            if long.waiting >= MOST_WAITING {
                return Err(SearchError::Busy);
            }
            long.waiting += 1;
            while long.running >= self.most_long && Instant::now() < until && !is_unheard.load(Ordering::Relaxed) {
                self.freed.wait_for(&mut long, LOOK);
            }
            long.waiting -= 1;
            if long.running >= self.most_long {
                return Err(SearchError::Busy);
            }
        }
        long.running += 1;
        Ok(())
    }
}

impl Turn {
    /// Called now and then by a search: waits when others have their turn, and says how long that took. [`SearchError::Busy`] when it
    /// would take too long, or nobody waits for the answer any more.
    pub(crate) fn go_on(&self) -> Result<Duration, SearchError> {
        if self.is_unheard.load(Ordering::Relaxed) {
            return Err(SearchError::Busy);
        }
        if self.is_long.get() || self.began.elapsed() < SHORT {
            return Ok(Duration::ZERO);
        }
        drop(self.short.take());
        let asked = Instant::now();
        self.turns.lengthen(&self.is_unheard)?;
        self.is_long.set(true);
        Ok(asked.elapsed())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.is_long.get() {
            self.turns.long.lock().running -= 1;
            self.turns.freed.notify_one();
        }
    }
}
