//! What a connection is doing, as those see it who have to end it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::memory::{Held, Memory};
use crate::pace::Pace;
use crate::settings::Settings;

/// Heads up to this many bytes need no room of their own.
const SMALL_HEAD_BYTES: usize = 8 << 10;

/// What connections are allowed, and what they share.
pub(crate) struct Rules {
    pub(crate) head_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) stall_timeout: Duration,
    pub(crate) min_bytes_per_s: u32,
    /// The memory for long heads.
    pub(crate) heads: Memory,
}

/// How a connection is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// When what is under way is answered.
    Gently,
    /// Now.
    Now,
}

/// What a connection is doing.
pub(crate) struct Activity {
    rules: Arc<Rules>,
    state: Mutex<State>,
    /// Whether something is to be done when the connection's bytes have gone out.
    minds_output: AtomicBool,
    /// Whether answers of the routes may be on their way out.
    is_answering: AtomicBool,
    told: Notify,
}

struct State {
    phase: Phase,
    /// Requests that are being answered.
    in_flight: usize,
    is_http2: bool,
    /// Set while the client does not take what is written.
    blocked: Option<Pace>,
    /// Large answers that go out by HTTP/2, where a client can hold back one of them alone.
    answers: Vec<(u64, Pace)>,
    next_answer: u64,
    /// The room of a long head, until its request is answered.
    head: Held,
    /// The room of answers that were handed over and have not gone out yet.
    unsent: Vec<Arc<Held>>,
    end: Option<End>,
}

enum Phase {
    /// Nothing is asked, since this moment.
    Quiet(Instant),
    /// A head is on its way.
    Head { since: Instant, bytes: usize },
    /// A request is being read or answered.
    Busy,
}

/// What bytes that came in are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Received {
    /// A head that begins with them.
    NewHead,
    /// A head that has begun before.
    Head,
    /// Something else: a body, a request that is sent before the one before it is answered, HTTP/2.
    Other,
}

/// There is no room for so long a head.
#[derive(Debug)]
pub(crate) struct HeadTooLong;

impl Rules {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            head_timeout: settings.head_timeout,
            idle_timeout: settings.idle_timeout,
            stall_timeout: settings.stall_timeout,
            min_bytes_per_s: settings.min_bytes_per_s,
            heads: Memory::new(settings.head_memory_bytes, 0, Duration::ZERO),
        }
    }

    fn pace(&self) -> Pace {
        Pace::new(self.stall_timeout, self.min_bytes_per_s)
    }
}

impl Activity {
    pub(crate) fn new(rules: Arc<Rules>) -> Arc<Self> {
        let state = State {
            phase: Phase::Quiet(Instant::now()),
            in_flight: 0,
            is_http2: false,
            blocked: None,
            answers: Vec::new(),
            next_answer: 0,
            head: Held::nothing(),
            unsent: Vec::new(),
            end: None,
        };
        Arc::new(Self {
            rules,
            state: Mutex::new(state),
            minds_output: AtomicBool::new(false),
            is_answering: AtomicBool::new(false),
            told: Notify::new(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The client speaks HTTP/2: between its requests it may say other things.
    pub(crate) fn speaks_http2(&self) {
        let mut state = self.state();
        (state.is_http2, state.phase) = (true, Phase::Quiet(Instant::now()));
    }

    /// Bytes came in. Says of what: whether a head begins with them, or goes on.
    pub(crate) fn received(&self, received: usize) -> Result<Received, HeadTooLong> {
        let mut guard = self.state();
        let state = &mut *guard;
        if state.is_http2 {
            return Ok(Received::Other);
        }
        let (of, so_far) = match &mut state.phase {
            Phase::Busy => return Ok(Received::Other),
            Phase::Quiet(_) => {
                state.phase = Phase::Head { since: Instant::now(), bytes: received };
                (Received::NewHead, received)
            }
            Phase::Head { bytes, .. } => {
                *bytes += received;
                (Received::Head, *bytes)
            }
        };
        if so_far > SMALL_HEAD_BYTES {
            // What is held is given back first: it is the same memory.
            state.head = Held::nothing();
            state.head = self.rules.heads.try_take(so_far).map_err(|_| HeadTooLong)?;
        }
        Ok(of)
    }

    /// A request was read, and is to be answered.
    pub(crate) fn begin(&self) {
        self.is_answering.store(true, Ordering::Relaxed);
        let mut state = self.state();
        state.in_flight += 1;
        state.phase = Phase::Busy;
    }

    /// A request was answered; `sent` is the room of what may not have gone out yet.
    pub(crate) fn finish(&self, sent: Option<Arc<Held>>) {
        let mut state = self.state();
        state.in_flight = state.in_flight.saturating_sub(1);
        if let Some(sent) = sent {
            state.unsent.push(sent);
            self.minds_output.store(true, Ordering::Relaxed);
        }
        if state.in_flight == 0 {
            state.phase = Phase::Quiet(Instant::now());
            state.head = Held::nothing();
        }
    }

    /// The client does not take what is written.
    pub(crate) fn blocked(&self) {
        let mut state = self.state();
        if state.blocked.is_none() {
            state.blocked = Some(self.rules.pace());
            self.minds_output.store(true, Ordering::Relaxed);
        }
    }

    /// Bytes went out.
    pub(crate) fn wrote(&self, bytes: usize) {
        if self.minds_output.load(Ordering::Relaxed)
            && let Some(pace) = &mut self.state().blocked
        {
            pace.moved(bytes);
        }
    }

    /// All that was written has gone out.
    pub(crate) fn flushed(&self) {
        self.is_answering.store(false, Ordering::Relaxed);
        if self.minds_output.load(Ordering::Relaxed) {
            let mut state = self.state();
            state.blocked = None;
            state.unsent.clear();
            self.minds_output.store(false, Ordering::Relaxed);
        }
    }

    /// Whether what is read is no request yet, and all answers have gone out.
    pub(crate) fn is_reading_head(&self) -> bool {
        !self.is_answering.load(Ordering::Relaxed) && matches!(self.state().phase, Phase::Head { .. })
    }

    /// A large answer begins to go out; `None` where the connection's own pace is that of its answers.
    pub(crate) fn begin_answer(&self) -> Option<u64> {
        let mut state = self.state();
        if !state.is_http2 {
            return None;
        }
        let number = state.next_answer;
        state.next_answer += 1;
        state.answers.push((number, self.rules.pace()));
        Some(number)
    }

    /// Part of a large answer was taken; `None`: it has ended.
    pub(crate) fn answer_moved(&self, number: u64, bytes: Option<usize>) {
        let mut state = self.state();
        match bytes {
            Some(bytes) => {
                if let Some((_, pace)) = state.answers.iter_mut().find(|(known, _)| *known == number) {
                    pace.moved(bytes);
                }
            }
            None => state.answers.retain(|(known, _)| *known != number),
        }
    }

    /// Since when nothing was asked; `None` when something is under way.
    pub(crate) fn quiet_since(&self) -> Option<Instant> {
        let state = self.state();
        match state.phase {
            Phase::Quiet(since) if state.end.is_none() && state.blocked.is_none() => Some(since),
            _ => None,
        }
    }

    /// Ends the connection when it takes longer at something than it may.
    pub(crate) fn enforce(&self, now: Instant) {
        let end = {
            let state = self.state();
            let is_late = |pace: &Pace| pace.deadline() < now;
            let is_stuck = state.blocked.as_ref().is_some_and(is_late) || state.answers.iter().any(|(_, pace)| is_late(pace));
            match state.phase {
                _ if is_stuck => Some(End::Now),
                Phase::Head { since, .. } if since + self.rules.head_timeout < now => Some(End::Now),
                Phase::Quiet(since) if since + self.rules.idle_timeout + self.rules.stall_timeout < now => Some(End::Now),
                Phase::Quiet(since) if since + self.rules.idle_timeout < now => Some(End::Gently),
                _ => None,
            }
        };
        if let Some(end) = end {
            self.end(end);
        }
    }

    /// Tells the connection to end.
    pub(crate) fn end(&self, end: End) {
        let mut state = self.state();
        if state.end != Some(end) && state.end != Some(End::Now) {
            state.end = Some(end);
            drop(state);
            self.told.notify_one();
        }
    }

    /// Waits until the connection is told to end, or told so more firmly.
    pub(crate) async fn told_to_end(&self) -> End {
        loop {
            self.told.notified().await;
            if let Some(end) = self.state().end {
                return end;
            }
        }
    }
}
