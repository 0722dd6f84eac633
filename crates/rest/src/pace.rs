//! The pace that a transfer has to keep, so that nobody holds what others wait for by sending or reading a byte now and then.

use std::time::{Duration, Instant};

/// When a transfer has become too slow. Each byte puts that off by its share of a second, but never beyond the patience from now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    deadline: Instant,
    patience: Duration,
    bytes_per_s: u32,
}

impl Pace {
    /// A transfer that begins now: nothing has to come for as long as `patience`, and then so many bytes a second.
    pub(crate) fn new(patience: Duration, bytes_per_s: u32) -> Self {
        Self { deadline: Instant::now() + patience, patience, bytes_per_s: bytes_per_s.max(1) }
    }

    /// Takes note of bytes that went over.
    pub(crate) fn moved(&mut self, bytes: usize) {
        let gained = Duration::from_secs_f64(bytes as f64 / f64::from(self.bytes_per_s));
        self.deadline = (self.deadline + gained.min(self.patience)).min(Instant::now() + self.patience);
    }

    /// When it is too slow, unless more comes.
    pub(crate) fn deadline(&self) -> Instant {
        self.deadline
    }
}
