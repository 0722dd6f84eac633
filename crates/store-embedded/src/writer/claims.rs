//! Claims: what is exclusive, or there in a limited number, at every moment.

use rusqlite::Connection;
use store::commit::{Claim, Commit, Conflict, Instant};

use super::group::Refusal;
use crate::truth::{guarded, sql};

/// Gives back the commit's releases, then takes its claims, each in its order. A claim of a holder that has the subject replaces what it has.
pub(crate) fn apply(connection: &Connection, commit: &Commit, now: Instant) -> Result<(), Refusal> {
    for release in &commit.release {
        connection.prepare_cached(sql::RELEASE_CLAIM)?.execute((commit.tenant.0, &release.subject, &release.holder))?;
    }
    for claim in &commit.claim {
        take(connection, commit, claim, now)?;
    }
    Ok(())
}

fn take(connection: &Connection, commit: &Commit, claim: &Claim, now: Instant) -> Result<(), Refusal> {
    let bad = || Conflict::BadClaim { subject: claim.subject.clone() };
    if claim.units == 0 || claim.units > claim.capacity || claim.from >= claim.until {
        return Err(bad().into());
    }
    connection.prepare_cached(sql::EXPIRED_CLAIMS)?.execute((commit.tenant.0, &claim.subject, now))?;
    let held = guarded::claims(connection, commit.tenant, &claim.subject, now).map_err(Refusal::Broken)?;
    let others: Vec<&Claim> = held.iter().filter(|held| held.holder != claim.holder).collect();
    if others.iter().any(|other| other.capacity != claim.capacity) {
        return Err(bad().into());
    }
    if let Some(holder) = in_the_way(claim, &others) {
        return Err(Conflict::Claimed { subject: claim.subject.clone(), holder }.into());
    }
    connection.prepare_cached(sql::SET_CLAIM)?.execute((
        commit.tenant.0,
        &claim.subject,
        &claim.holder,
        claim.from,
        claim.until,
        claim.capacity,
        claim.units,
        claim.lease_until,
    ))?;
    Ok(())
}

/// Who overlaps the claim first, when at some moment of it there is too little left; `others` stand by start and holder.
///
/// What is taken grows only where a claim begins: so it is enough to look at the beginning of this one, and at those of
/// others within it.
fn in_the_way(claim: &Claim, others: &[&Claim]) -> Option<String> {
    let overlapping: Vec<&Claim> = others.iter().copied().filter(|other| other.from < claim.until && claim.from < other.until).collect();
    let is_full = |moment: Instant| {
        let there = overlapping.iter().filter(|other| other.from <= moment && moment < other.until);
        there.map(|other| u64::from(other.units)).sum::<u64>() + u64::from(claim.units) > u64::from(claim.capacity)
    };
    let first = overlapping.first()?;
    overlapping.iter().any(|other| is_full(other.from.max(claim.from))).then(|| first.holder.clone())
}
