//! Claims: who holds which units of a subject from when to when.

use crate::commit::{Claim, Conflict, Instant, Release};

/// The claims after the releases and the new claims, in that order, each judged after those before it.
pub(super) fn judge(held: &[Claim], releases: &[Release], wanted: &[Claim], at: Instant) -> Result<Vec<Claim>, Conflict> {
    let mut held = held.to_vec();
    for release in releases {
        held.retain(|claim| claim.subject != release.subject || claim.holder != release.holder);
    }
    for claim in wanted {
        held.retain(|other| other.subject != claim.subject || (is_in_force(other, at) && other.holder != claim.holder));
        judge_one(&held, claim)?;
        held.push(claim.clone());
    }
    Ok(held)
}

/// Whether there is room for `claim` beside `held`, in which neither expired claims of its subject nor the holder's own are left.
fn judge_one(held: &[Claim], claim: &Claim) -> Result<(), Conflict> {
    let mut others: Vec<_> = held.iter().filter(|other| other.subject == claim.subject).collect();
    let is_sound = claim.units > 0 && claim.units <= claim.capacity && claim.from < claim.until;
    if !is_sound || others.iter().any(|other| other.capacity != claim.capacity) {
        return Err(Conflict::BadClaim { subject: claim.subject.clone() });
    }
    others.retain(|other| other.from < claim.until && claim.from < other.until);
    others.sort_by_key(|other| (other.from, &other.holder));
    // What is taken can only grow where a claim begins.
    let begins = others.iter().map(|other| other.from.max(claim.from)).chain([claim.from]);
    let taken_at =
        |moment| others.iter().filter(|other| other.from <= moment && moment < other.until).map(|other| u64::from(other.units)).sum();
    let most_taken: u64 = begins.map(taken_at).max().unwrap_or(0);
    match others.first() {
        Some(first) if most_taken + u64::from(claim.units) > u64::from(claim.capacity) => {
            Err(Conflict::Claimed { subject: claim.subject.clone(), holder: first.holder.clone() })
        }
        _ => Ok(()),
    }
}

fn is_in_force(claim: &Claim, now: Instant) -> bool {
    claim.lease_until.is_none_or(|until| until > now)
}

/// The claims of a subject that are in force at `now`.
pub(super) fn in_force(held: &[Claim], subject: &str, now: Instant) -> Vec<Claim> {
    let mut claims: Vec<_> = held.iter().filter(|claim| claim.subject == subject && is_in_force(claim, now)).cloned().collect();
    claims.sort_by(|left, right| (left.from, &left.holder).cmp(&(right.from, &right.holder)));
    claims
}
