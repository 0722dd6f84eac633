//! What a search may cost: time, and how much it may hold in memory.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use store::commit::CommitError;
use store::contract::ReadError;

use crate::engine::turns::Turn;
use crate::error::StoreError;

/// How many resources an answer may be sorted from, unless it comes in the order of the index.
pub(crate) const MOST_SORTED: usize = 1_000_000;

/// After how many steps the clock is looked at.
const STEPS: u32 = 256;

/// How many steps it is to look at a resource: some have many entries.
const CHECK: u32 = 32;

/// How many steps a search may take on a thread that serves others: about a millisecond.
const MOST_SHORT: u64 = 2_500;

const LONG: &str = "a search was not taken to a thread of its own";

/// Why a search gave no answer.
#[derive(Debug)]
pub(crate) enum SearchError {
    /// It took too long, or held too much: what to narrow.
    TooCostly(String),
    /// Others have their turn, and it would take too long to wait for them.
    Busy,
    /// It takes longer than it may on the thread that it was begun on.
    Long,
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
            SearchError::Busy => ReadError::Busy,
            SearchError::Long => ReadError::Engine(LONG.to_owned()),
            SearchError::Store(e) => e.into(),
        }
    }
}

impl From<SearchError> for CommitError {
    fn from(e: SearchError) -> Self {
        match e {
            SearchError::TooCostly(what) => CommitError::Engine(format!("a condition of the commit is too costly: {what}")),
            SearchError::Busy => CommitError::Busy,
            SearchError::Long => CommitError::Engine(LONG.to_owned()),
            SearchError::Store(e) => e.into(),
        }
    }
}

pub(crate) type Result<T> = std::result::Result<T, SearchError>;

/// Counts the steps of a search, and ends it when its time is over.
pub(crate) struct Budget {
    until: Cell<Instant>,
    /// Whose turn it is; a search of the writer needs none.
    turn: Option<Rc<Turn>>,
    limit: Duration,
    /// How many steps are left on this thread.
    left: Cell<u64>,
    steps: Cell<u32>,
    read: Cell<u64>,
    checked: Cell<u64>,
    remedy: Cell<&'static str>,
}

impl Budget {
    pub(crate) fn new(limit: Duration) -> Self {
        let (steps, read, checked) = (Cell::new(0), Cell::new(0), Cell::new(0));
        let (until, left) = (Cell::new(Instant::now() + limit), Cell::new(u64::MAX));
        Self { until, turn: None, limit, left, steps, read, checked, remedy: Cell::new("") }
    }

    /// The same for a search that has a turn among others. The time that it waits for them does not count.
    pub(crate) fn in_turn(turn: &Rc<Turn>, limit: Duration) -> Self {
        Self { turn: Some(turn.clone()), ..Self::new(limit) }
    }

    /// The same for a search on a thread that serves others: it ends with [`SearchError::Long`] soon.
    pub(crate) fn short(limit: Duration) -> Self {
        Self { left: Cell::new(MOST_SHORT), ..Self::new(limit) }
    }

    /// What the search could do without: it is named when the time is over.
    pub(crate) fn set_remedy(&self, remedy: &'static str) {
        self.remedy.set(remedy);
    }

    /// One entry of the index is read: an error when the time is over.
    pub(crate) fn read(&self) -> Result<()> {
        self.read.set(self.read.get() + 1);
        self.spend(1)
    }

    /// One resource is looked at: an error when the time is over.
    pub(crate) fn check(&self) -> Result<()> {
        self.checked.set(self.checked.get() + 1);
        self.spend(CHECK)
    }

    /// How many entries were read so far, and how many resources were looked at.
    pub(crate) fn spent(&self) -> (u64, u64) {
        (self.read.get(), self.checked.get())
    }

    fn spend(&self, steps: u32) -> Result<()> {
        let Some(left) = self.left.get().checked_sub(u64::from(steps)) else {
            return Err(SearchError::Long);
        };
        self.left.set(left);
        let spent = self.steps.get() + steps;
        self.steps.set(spent % STEPS);
        if spent < STEPS {
            return Ok(());
        }
        if let Some(turn) = &self.turn {
            self.until.set(self.until.get() + turn.go_on()?);
        }
        if Instant::now() > self.until.get() {
            let (limit, remedy) = (self.limit.as_millis(), self.remedy.get());
            return Err(SearchError::TooCostly(format!(
                "the search took longer than {limit} ms: add a parameter that fewer resources match, such as a patient or a date{remedy}"
            )));
        }
        Ok(())
    }
}
