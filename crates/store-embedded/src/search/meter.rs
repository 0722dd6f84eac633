//! What the steps of a search cost, for its explanation.

use std::time::{Duration, Instant};

use store::query::{Step, Work};

use super::budget::Result;
use super::view::View;

/// What a step has cost so far.
#[derive(Default)]
pub(crate) struct Meter {
    read: u64,
    checked: u64,
    took: Duration,
    /// How many resources it handed on.
    pub(crate) found: u64,
}

/// What had been spent when a step began. The clock is looked at only when the search is explained.
pub(crate) struct Measured {
    spent: (u64, u64),
    started: Option<Instant>,
}

impl Meter {
    pub(crate) fn start(&self, view: &View<'_>) -> Measured {
        Measured { spent: view.budget.spent(), started: view.is_explained.then(Instant::now) }
    }

    pub(crate) fn stop(&mut self, view: &View<'_>, measured: Measured) {
        let (read, checked) = view.budget.spent();
        self.read += read - measured.spent.0;
        self.checked += checked - measured.spent.1;
        self.took += measured.started.map(|started| started.elapsed()).unwrap_or_default();
    }

    /// The step that it measured.
    pub(crate) fn step(&self, work: Work) -> Step {
        Step { work, read: self.read, checked: self.checked, found: self.found, took_us: self.took.as_micros() as u64 }
    }
}

/// Does the whole of a step, whose result is so many resources.
pub(crate) fn measure<T>(view: &View<'_>, work: Work, size: impl Fn(&T) -> usize, act: impl FnOnce() -> Result<T>) -> Result<(T, Step)> {
    let mut meter = Meter::default();
    let measured = meter.start(view);
    let done = act()?;
    meter.stop(view, measured);
    meter.found = size(&done) as u64;
    Ok((done, meter.step(work)))
}
