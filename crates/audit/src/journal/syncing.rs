//! The thread that syncs what was written, and tells those who wait for it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::writer::Shared;
use super::{JournalError, Mode};

/// Whoever waits for a sync.
pub(super) type Waiter = oneshot::Sender<Result<(), JournalError>>;

#[derive(Default)]
struct State {
    waiters: Vec<Waiter>,
    /// Whether something was written since the last sync.
    is_dirty: bool,
    is_ending: bool,
}

/// What is to be synced.
#[derive(Default)]
pub(super) struct Syncing {
    state: Mutex<State>,
    wake: Condvar,
}

impl Syncing {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that something was written, and who waits for the sync.
    pub(super) fn written(&self, waiter: Option<Waiter>) {
        let mut state = self.state();
        let must_wake = !state.is_dirty || (waiter.is_some() && state.waiters.is_empty());
        state.is_dirty = true;
        state.waiters.extend(waiter);
        drop(state);
        if must_wake {
            self.wake.notify_one();
        }
    }

    /// Lets the thread end, after a last sync.
    pub(super) fn end(&self) {
        self.state().is_ending = true;
        self.wake.notify_one();
    }

    /// What is to be synced now: those who wait. `None`: it is over.
    fn next(&self, shared: &Shared) -> Option<Vec<Waiter>> {
        let mut state = self.state();
        while !state.is_dirty && !state.is_ending {
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if !state.is_dirty {
            return None;
        }
        if shared.settings.mode == Mode::Written && !state.is_ending {
            let waiting =
                self.wake.wait_timeout_while(state, shared.settings.sync_every, |state| !state.is_ending && state.waiters.is_empty());
            state = waiting.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.is_dirty = false;
        Some(std::mem::take(&mut state.waiters))
    }
}

/// Starts the thread. It ends when [`Syncing::end`] is called.
pub(super) fn start(shared: &Arc<Shared>) -> std::io::Result<JoinHandle<()>> {
    let shared: Weak<Shared> = Arc::downgrade(shared);
    std::thread::Builder::new().name("audit-sync".to_owned()).spawn(move || {
        while let Some(shared) = shared.upgrade() {
            let Some(waiters) = shared.syncing.next(&shared) else { return };
            let result = shared.sync();
            for waiter in waiters {
                let _ = waiter.send(result.clone());
            }
        }
    })
}
