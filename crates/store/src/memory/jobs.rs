//! Jobs: work to be done later, by one worker at a time.

use crate::commit::{Conflict, Instant, Job};
use crate::query::DueJob;

/// The jobs that are not finished, oldest first.
#[derive(Clone, Default)]
pub(super) struct Jobs {
    last_number: u64,
    open: Vec<OpenJob>,
}

#[derive(Clone)]
struct OpenJob {
    number: u64,
    job: Job,
    attempt: u32,
    lease_until: Option<Instant>,
}

impl Jobs {
    /// The jobs after these are finished.
    pub(super) fn judge(&self, finished: &[u64]) -> Result<Self, Conflict> {
        let mut after = self.clone();
        for &number in finished {
            let place = after.open.iter().position(|open| open.number == number).ok_or(Conflict::Finished(number))?;
            after.open.remove(place);
        }
        Ok(after)
    }

    /// Adds a job, and says its number.
    pub(super) fn add(&mut self, job: Job) -> u64 {
        self.last_number += 1;
        self.open.push(OpenJob { number: self.last_number, job, attempt: 0, lease_until: None });
        self.last_number
    }

    /// Leases jobs that are due.
    pub(super) fn take(&mut self, kind: &str, now: Instant, lease_until: Instant, limit: u32) -> Vec<DueJob> {
        let is_due =
            |open: &&mut OpenJob| open.job.kind == kind && open.job.not_before <= now && open.lease_until.is_none_or(|until| until <= now);
        let due = self.open.iter_mut().filter(is_due).take(limit as usize);
        due.map(|open| {
            open.attempt = open.attempt.saturating_add(1);
            open.lease_until = Some(lease_until);
            DueJob { number: open.number, kind: open.job.kind.clone(), payload: open.job.payload.clone(), attempt: open.attempt }
        })
        .collect()
    }
}
