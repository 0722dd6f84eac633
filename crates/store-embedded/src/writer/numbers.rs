//! Numbers without gaps: drawn only by a commit that is applied.

use rusqlite::Connection;
use store::commit::{Commit, Conflict};

use super::group::Refusal;
use crate::truth::{guarded, sql};

/// Draws the commit's numbers, in their order.
pub(crate) fn draw(connection: &Connection, commit: &Commit) -> Result<Vec<u64>, Refusal> {
    let mut drawn = Vec::with_capacity(commit.number.len());
    for draw in &commit.number {
        let next = guarded::next_number(connection, commit.tenant, &draw.sequence)?;
        if draw.expect.is_some_and(|expected| expected != next) {
            return Err(Conflict::Number { sequence: draw.sequence.clone(), next }.into());
        }
        connection.prepare_cached(sql::SET_NUMBER)?.execute((commit.tenant.0, &draw.sequence, next as i64 + 1))?;
        drawn.push(next);
    }
    Ok(drawn)
}
