//! Turns: what is counted by the same counter goes one after another in this process. So attempts that are being judged do not stand in each other's way, and a
//! commit seldom finds that another came first. (Between processes the version of the record decides.)

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::OwnedMutexGuard;

use super::Counter;
use crate::error::IdentityError;

/// How many may have or wait for the turn of one counter; whoever comes then is sent away.
const MOST_WAITING: usize = 256;

/// How many queues are kept before those that nobody stands in are thrown away.
const MANY: usize = 4096;

/// The queues, by counter.
#[derive(Default)]
pub(crate) struct Turns {
    queues: Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>,
}

/// The turn of some counters, until it is dropped.
pub(crate) struct Turn {
    _guards: Vec<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits for the turn of these counters.
    ///
    /// Fails with [`IdentityError::Busy`] when too many wait.
    pub async fn take(&self, counters: &[Counter]) -> Result<Turn, IdentityError> {
        let mut ids: Vec<&str> = counters.iter().map(|counter| &*counter.id).collect();
        // In one order for all, so that no two wait for each other.
        ids.sort_unstable();
        ids.dedup();
        let mut guards = Vec::with_capacity(ids.len());
        for id in ids {
            let queue = self.queue(id);
            if Arc::strong_count(&queue) > MOST_WAITING {
                return Err(IdentityError::Busy);
            }
            guards.push(queue.lock_owned().await);
        }
        Ok(Turn { _guards: guards })
    }

    fn queue(&self, id: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = queues.get(id).and_then(Weak::upgrade) {
            return queue;
        }
        if queues.len() >= MANY {
            queues.retain(|_, queue| queue.strong_count() > 0);
        }
        let queue = Arc::default();
        queues.insert(id.to_owned(), Arc::downgrade(&queue));
        queue
    }
}
