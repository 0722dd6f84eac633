//! How much one call of an operation may read and answer. More is refused, or comes on the next page.

use std::time::{Duration, Instant};

use crate::Error;

/// How many resources one call looks at.
pub(super) const MAX_ROWS: usize = 20_000;

/// How many resources one answer has.
pub(super) const MAX_ANSWER_ROWS: usize = 5_000;

/// How many bytes of resources one answer has.
pub(super) const MAX_ANSWER_BYTES: usize = 32 << 20;

/// How long one call goes on, by a clock that nobody sets. Each search within it is bounded by the engine as well.
pub(super) const MOST_TIME: Duration = Duration::from_secs(20);

/// What one call has used up.
pub(super) struct Budget {
    started: Instant,
    rows: usize,
    bytes: usize,
}

impl Budget {
    /// Nothing used yet.
    pub(super) fn new() -> Self {
        Self { started: Instant::now(), rows: 0, bytes: 0 }
    }

    /// Takes note of a resource that was looked at.
    pub(super) fn look(&mut self, bytes: usize) {
        self.rows += 1;
        self.bytes += bytes;
    }

    /// Whether the time is over.
    fn is_late(&self) -> bool {
        self.started.elapsed() > MOST_TIME
    }

    /// Takes note of more bytes of the same resource.
    pub(super) fn weigh(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    /// Whether the answer is as large as it may be, or the time over: what is left comes on the next page.
    pub(super) fn is_spent(&self) -> bool {
        self.rows >= MAX_ANSWER_ROWS || self.bytes >= MAX_ANSWER_BYTES || self.is_late()
    }

    /// [`Error::OperationTooLarge`] when too much was looked at, or for too long: `remedy` says how to ask for less.
    pub(super) fn check_looking(&self, remedy: &str) -> Result<(), Error> {
        if self.rows > MAX_ROWS {
            return Err(Error::OperationTooLarge(format!("this would look at more than {MAX_ROWS} resources: {remedy}")));
        }
        self.check_time(remedy)
    }

    /// [`Error::OperationTooLarge`] when the answer would have too many resources or bytes, or takes too long.
    pub(super) fn check_answer(&self, remedy: &str) -> Result<(), Error> {
        if self.rows > MAX_ANSWER_ROWS || self.bytes > MAX_ANSWER_BYTES {
            let most = format!("the answer would have more than {MAX_ANSWER_ROWS} resources or {MAX_ANSWER_BYTES} bytes: {remedy}");
            return Err(Error::OperationTooLarge(most));
        }
        self.check_time(remedy)
    }

    fn check_time(&self, remedy: &str) -> Result<(), Error> {
        if self.is_late() {
            return Err(Error::OperationTooLarge(format!("this takes longer than {} s: {remedy}", MOST_TIME.as_secs())));
        }
        Ok(())
    }
}
