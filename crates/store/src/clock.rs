//! The one clock of a process: it never goes back, and is not carried away by a machine's clock that jumps.

use std::sync::{Mutex, PoisonError};

use crate::commit::Instant;
use crate::contract::Clock;

/// What a machine says of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The time of day and year, which people and programs set: milliseconds since 1970.
    pub wall: Instant,
    /// How long the machine runs, which nobody sets: milliseconds since some moment.
    pub running: i64,
}

/// How far the machine's clock may be moved, in milliseconds, for the move to be believed: a day. Corrections are smaller; a clock that was in another year is a mistake,
/// or was one.
pub const MOST_BELIEVED_MS: i64 = 24 * 3_600_000;

/// What is told of a move that is not believed: by how many milliseconds the machine's clock was moved, forward or (below 0) back.
pub type OnLeap = Box<dyn Fn(i64) + Send + Sync>;

/// Tells the time by a machine's clock, within two bounds.
///
/// - It never goes back. When the machine's clock does, or stands still, this one goes on at half the speed of the time that passes, until the other has caught up:
///   so what was to last a while lasts at most twice as long, and never ends early.
/// - It does not follow a move of more than [`MOST_BELIEVED_MS`] that the running time does not explain: it goes on as if nothing had happened, and so does it when the clock
///   is moved back again. Where the move was right, a restart takes it over.
pub struct SteadyClock {
    read: Box<dyn Fn() -> Reading + Send + Sync>,
    on_leap: OnLeap,
    state: Mutex<State>,
}

struct State {
    last: Reading,
    /// What the machine's clock is ahead by moves that were not believed.
    disbelieved: i64,
    /// The last time told.
    told: Instant,
    /// Since when it goes at half speed: the time told then, and the running time.
    slow_since: (Instant, i64),
}

impl SteadyClock {
    /// A clock on these readings.
    pub fn new(read: impl Fn() -> Reading + Send + Sync + 'static, on_leap: OnLeap) -> Self {
        let last = read();
        let state = State { last, disbelieved: 0, told: last.wall, slow_since: (last.wall, last.running) };
        Self { read: Box::new(read), on_leap, state: Mutex::new(state) }
    }

    /// Tells no time before this one from now on: that of the newest commit of a store that is opened.
    pub fn no_earlier_than(&self, moment: Instant) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if moment > state.told {
            state.told = moment;
            state.slow_since = (moment, state.last.running);
        }
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> Instant {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let reading = (self.read)();
        let passed = (reading.running - state.last.running).max(0);
        let leap = reading.wall - state.last.wall - passed;
        state.last = reading;
        if leap.abs() > MOST_BELIEVED_MS {
            state.disbelieved += leap;
            (self.on_leap)(leap);
        }
        let believed = reading.wall - state.disbelieved;
        let (told, running) = state.slow_since;
        let slow = state.told.max(told + (reading.running - running).max(0) / 2);
        if believed > slow {
            state.slow_since = (believed, reading.running);
        }
        state.told = believed.max(slow);
        state.told
    }
}
