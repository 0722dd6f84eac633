//! Random commits.

use bytes::Bytes;

use crate::commit::{Claim, Commit, Erase, Event, Expect, Extent, Instant, Job, Key, NO_DATE, NumberDraw, Posting, Put, Release, Tenant};
use crate::entry::{Entry, Param};
use crate::suite::prng::Prng;
use crate::suite::sample::{key, kind};
use crate::suite::synthetic;

use super::filters::filter;
use super::values::{CODES, KINDS, contained, param, target, value};

/// The tenants, whose numbers a careless key would mix up.
pub(super) const TENANTS: [Tenant; 3] = [Tenant(1), Tenant(2), Tenant(257)];

/// What claims are of; each with how many there are.
pub(super) const SUBJECTS: [(&str, u32); 2] = [("bed", 1), ("desk", 3)];

/// Ledgers and accounts, each with its unit.
pub(super) const ACCOUNTS: [(&str, &str, &str); 5] =
    [("stock", "a", "g"), ("stock", "b", "g"), ("stock", "c", "g"), ("stock", "x", "ml"), ("money", "a", "g")];

/// The sequences of numbers; the cursors have the same names.
pub(super) const SEQUENCES: [&str; 2] = ["mrn", "mrn/2026"];

/// The kinds of jobs.
pub(super) const JOBS: [&str; 2] = ["mail", "print"];

pub(super) fn tenant(prng: &mut Prng) -> Tenant {
    *prng.pick(&[&TENANTS[0], &TENANTS[0], &TENANTS[0], &TENANTS[1], &TENANTS[2]])
}

/// A commit at about `now`, the `step`th of its run.
pub(super) fn commit(prng: &mut Prng, now: Instant, step: u64) -> Commit {
    let mut commit = Commit::new(tenant(prng), format!("Practitioner/{}", prng.below(3)), "random");
    let most = if prng.chance(5) { 50 } else { 4 };
    commit.put = prng.several(most, |prng| put(prng, step));
    if prng.chance(25) {
        commit.delete = prng.several(2, |prng| key(&target(prng)));
    }
    if prng.chance(6) {
        commit.erase = prng.several(2, erase);
    }
    if prng.chance(90) {
        part_twice(&mut commit);
    }
    if prng.chance(20) {
        commit.audit.push(synthetic::put(Key::new(kind("AuditEvent"), step.to_string()), Vec::new(), now, step));
    }
    if prng.chance(10) {
        let told = synthetic::put(Key::new(kind("AuditEvent"), format!("t{step}")), Vec::new(), now, step);
        commit.trails = TENANTS.into_iter().filter(|tenant| *tenant != commit.tenant).map(|tenant| (tenant, vec![told.clone()])).collect();
    }
    if prng.chance(20) {
        commit.expect = prng.several(2, expect);
    }
    if prng.chance(25) {
        commit.release = prng.several(1, release);
        commit.claim = prng.several(2, |prng| claim(prng, now));
    }
    if prng.chance(25) {
        commit.post = postings(prng);
    }
    if prng.chance(15) {
        commit.number = prng.several(3, draw);
    }
    if prng.chance(15) {
        commit.event = prng.several(2, |prng| Event { topic: "topic".into(), payload: payload(prng) });
        commit.job = prng.several(2, |prng| job(prng, now));
    }
    if prng.chance(8) {
        commit.finish = prng.several(2, |prng| prng.below(12) + 1);
    }
    if prng.chance(10) {
        commit.advance = prng.several(2, |prng| ((*prng.pick(&SEQUENCES)).to_owned(), prng.below(100)));
    }
    commit
}

/// Leaves out what would make one resource stand in the commit twice.
fn part_twice(commit: &mut Commit) {
    let mut seen = Vec::new();
    let mut is_new = |key: &Key| {
        let is_new = !seen.contains(key);
        seen.push(key.clone());
        is_new
    };
    commit.put.retain(|put| is_new(&put.key));
    commit.delete.retain(|key| is_new(key));
    commit.erase.retain(|erase| is_new(&erase.key));
}

fn erase(prng: &mut Prng) -> Erase {
    let extent = if prng.chance(50) { Extent::All } else { Extent::Past };
    Erase { key: key(&target(prng)), extent }
}

fn put(prng: &mut Prng, step: u64) -> Put {
    let key = key(&target(prng));
    let mut entries: Vec<Entry> = prng.several(5, |prng| {
        let code = prng.pick(&CODES);
        Entry { param: param(key.kind.name(), code), value: value(prng, code) }
    });
    if prng.chance(15) {
        entries.push(Entry { param: Param::contained(key.kind), value: contained(prng) });
    }
    let mut seen = Vec::new();
    entries.retain(|entry| {
        let is_new = !seen.contains(entry);
        seen.push(entry.clone());
        is_new
    });
    let date = if prng.chance(30) { NO_DATE } else { prng.between(-3, 6) };
    synthetic::put(key, entries, date, step)
}

fn expect(prng: &mut Prng) -> Expect {
    let target = key(&target(prng));
    match prng.below(8) {
        0 | 1 => Expect::Version(target, prng.below(4)),
        2 | 3 => Expect::Exists(target),
        4 => Expect::Absent(target),
        5 | 6 => {
            let kind_name = prng.pick(&KINDS);
            Expect::NoMatch(kind(kind_name), filter(prng, kind_name, 1))
        }
        _ => {
            let filter = filter(prng, target.kind.name(), 1);
            Expect::OnlyMatch(target, filter)
        }
    }
}

fn holder(prng: &mut Prng) -> String {
    format!("Appointment/{}", prng.below(5))
}

fn release(prng: &mut Prng) -> Release {
    let (subject, _) = *prng.pick(&[&SUBJECTS[0], &SUBJECTS[1]]);
    Release { subject: subject.into(), holder: holder(prng) }
}

fn claim(prng: &mut Prng, now: Instant) -> Claim {
    let (subject, capacity) = *prng.pick(&[&SUBJECTS[0], &SUBJECTS[1]]);
    let from = if prng.chance(5) { i64::MIN } else { prng.between(0, 40) };
    let until = if prng.chance(5) { i64::MAX } else { from.max(0) + prng.between(0, 9) };
    Claim {
        subject: subject.into(),
        from,
        until,
        capacity: if prng.chance(5) { capacity + 1 } else { capacity },
        units: if prng.chance(80) { 1 } else { prng.below(3) as u32 },
        holder: holder(prng),
        lease_until: prng.chance(60).then(|| now + prng.between(0, 60)),
    }
}

fn postings(prng: &mut Prng) -> Vec<Posting> {
    let side = |prng: &mut Prng, amount| {
        let (ledger, account, unit) = *prng.pick(&ACCOUNTS.each_ref());
        let unit = if prng.chance(3) { "other" } else { unit };
        Posting { ledger: ledger.into(), account: account.into(), amount, unit: unit.into(), guarded: prng.chance(10) }
    };
    let amount = if prng.chance(3) { i64::MAX } else { prng.between(-20, 20) };
    let given = side(prng, amount);
    let back = if prng.chance(95) { -amount } else { amount };
    let mut taken = side(prng, back);
    if prng.chance(90) {
        (taken.ledger, taken.unit) = (given.ledger.clone(), given.unit.clone());
    }
    vec![given, taken]
}

fn draw(prng: &mut Prng) -> NumberDraw {
    let expect = prng.chance(15).then(|| prng.below(20) + 1);
    NumberDraw { sequence: (*prng.pick(&SEQUENCES)).to_owned(), expect }
}

fn payload(prng: &mut Prng) -> Bytes {
    Bytes::from(vec![prng.below(256) as u8; prng.below(9) as usize])
}

fn job(prng: &mut Prng, now: Instant) -> Job {
    Job { kind: (*prng.pick(&JOBS)).to_owned(), payload: payload(prng), not_before: now + prng.between(-20, 50) }
}
