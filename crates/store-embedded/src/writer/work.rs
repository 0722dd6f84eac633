//! Jobs and cursors: what is left to do, what is done, and how far the feed's consumers are.

use bytes::Bytes;
use rusqlite::Connection;
use store::commit::{Commit, Conflict, Instant, Tenant};
use store::query::DueJob;

use super::group::Refusal;
use crate::truth::sql;

/// Finishes and queues the commit's jobs, and moves its cursors. Gives the numbers of the jobs, which follow `last_job`.
pub(crate) fn apply(connection: &Connection, commit: &Commit, last_job: u64) -> Result<Vec<u64>, Refusal> {
    for &number in &commit.finish {
        let found = connection.prepare_cached(sql::FINISH_JOB)?.execute((commit.tenant.0, number as i64))?;
        if found == 0 {
            return Err(Conflict::Finished(number).into());
        }
    }
    let mut numbers = Vec::with_capacity(commit.job.len());
    for (number, job) in (last_job + 1..).zip(&commit.job) {
        let row = (commit.tenant.0, number as i64, &job.kind, &job.payload[..], job.not_before, Instant::MIN);
        connection.prepare_cached(sql::INSERT_JOB)?.execute(row)?;
        numbers.push(number);
    }
    for (name, sequence) in &commit.advance {
        connection.prepare_cached(sql::MOVE_CURSOR)?.execute((commit.tenant.0, name, *sequence as i64))?;
    }
    Ok(numbers)
}

/// What [`take`] is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Take {
    pub(crate) tenant: Tenant,
    pub(crate) kind: String,
    pub(crate) now: Instant,
    pub(crate) lease_until: Instant,
    pub(crate) limit: u32,
}

/// Leases jobs that are due, oldest first.
pub(crate) fn take(connection: &Connection, take: &Take) -> rusqlite::Result<Vec<DueJob>> {
    let mut statement = connection.prepare_cached(sql::DUE_JOBS)?;
    let rows = statement.query_map((take.tenant.0, &take.kind, take.now, take.limit), |row| {
        Ok(DueJob {
            number: row.get::<_, i64>(0)? as u64,
            kind: take.kind.clone(),
            payload: Bytes::from(row.get::<_, Vec<u8>>(1)?),
            attempt: row.get::<_, u32>(2)?.saturating_add(1),
        })
    })?;
    let jobs = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    for job in &jobs {
        connection.prepare_cached(sql::LEASE_JOB)?.execute((take.tenant.0, job.number as i64, take.lease_until, job.attempt))?;
    }
    Ok(jobs)
}
