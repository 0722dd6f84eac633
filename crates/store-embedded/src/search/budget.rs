//! What a search may cost: time, and how much it may hold in memory.

use std::cell::Cell;
use std::time::{Duration, Instant};

use store::commit::CommitError;
use store::contract::ReadError;

use crate::error::StoreError;

/// How many resources an answer may be sorted from, unless it comes in the order of the index.
pub(crate) const MOST_SORTED: usize = 1_000_000;

/// After how many steps the clock is looked at.
const STEPS: u32 = 256;

/// Why a search gave no answer.
#[derive(Debug)]
pub(crate) enum SearchError {
    /// It took too long, or held too much: what to narrow.
    TooCostly(String),
    /// The engine failed.
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for SearchError {
    fn from(e: E) -> Self {
        SearchError::Store(e.into())
    }
}

impl From<SearchError> for ReadError {
    fn from(e: SearchError) -> Self {
        match e {
            SearchError::TooCostly(what) => ReadError::TooCostly(what),
            SearchError::Store(e) => e.into(),
        }
    }
}

impl From<SearchError> for CommitError {
    fn from(e: SearchError) -> Self {
        match e {
            SearchError::TooCostly(what) => CommitError::Engine(format!("a condition of the commit is too costly: {what}")),
            SearchError::Store(e) => e.into(),
        }
    }
}

pub(crate) type Result<T> = std::result::Result<T, SearchError>;

/// Counts the steps of a search, and ends it when its time is over.
pub(crate) struct Budget {
    until: Instant,
    limit: Duration,
    steps: Cell<u32>,
}

impl Budget {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { until: Instant::now() + limit, limit, steps: Cell::new(0) }
    }

    /// One step more: an error when the time is over.
    pub(crate) fn step(&self) -> Result<()> {
        self.steps.set(self.steps.get().wrapping_add(1));
        if self.steps.get().is_multiple_of(STEPS) && Instant::now() > self.until {
            let limit = self.limit.as_millis();
            return Err(SearchError::TooCostly(format!(
                "the search took longer than {limit} ms: add a parameter that fewer resources match, such as a patient or a date, or ask for no total"
            )));
        }
        Ok(())
    }
}
