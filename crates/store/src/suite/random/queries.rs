//! Random searches and histories.

use crate::commit::Instant;
use crate::query::{Direction, HistoryQuery, Include, Page, Query, Scope, Sort, SortBy, Subject, Visible};
use crate::suite::prng::Prng;
use crate::suite::sample::{key, kind};
use crate::suite::world::START;

use super::commits::tenant;
use super::filters::filter;
use super::values::{CODES, KINDS, asked, param, target};

/// A search at `now`, some of them about a moment before it.
pub(super) fn query(prng: &mut Prng, now: Instant) -> Query {
    let of = prng.pick(&KINDS);
    let kinds = if prng.chance(35) { some_kinds(prng) } else { vec![of] };
    let subjects = kinds.iter().map(|of| Subject { kind: kind(of), filter: filter(prng, of, 3) }).collect();
    Query {
        tenant: tenant(prng),
        subjects,
        sort: prng.several(2, |prng| sort(prng, &kinds)),
        count: if prng.chance(50) { prng.below(5) as u32 } else { 100 },
        page: Page::First,
        total: prng.chance(30),
        // So few are counted, not guessed.
        estimate: prng.chance(30),
        inside: if prng.chance(25) {
            kinds.iter().map(|of| Subject { kind: kind(of), filter: filter(prng, of, 2) }).collect()
        } else {
            Vec::new()
        },
        include: if prng.chance(50) { prng.several(2, |prng| include(prng, of)) } else { Vec::new() },
        visible: prng.chance(35).then(|| visible(prng)),
        rank: if prng.chance(25) { prng.several(3, |prng| (param(of, "note"), asked(prng))) } else { Vec::new() },
        explain: prng.chance(20),
        as_of: prng.chance(35).then(|| prng.between(START - 5, now + 5)),
        most_bytes: prng.chance(20).then(|| prng.below(2_000) as usize),
    }
}

/// What may be seen: some types, rarely one of them twice.
fn visible(prng: &mut Prng) -> Visible {
    let mut kinds = some_kinds(prng);
    if prng.chance(10) {
        kinds.extend_from_within(..kinds.len().min(1));
    }
    kinds.into_iter().map(|of| Subject { kind: kind(of), filter: filter(prng, of, 2) }).collect::<Vec<_>>().into()
}

/// Several types, none twice.
fn some_kinds(prng: &mut Prng) -> Vec<&'static str> {
    KINDS.into_iter().filter(|_| prng.chance(70)).collect()
}

fn sort(prng: &mut Prng, kinds: &[&str]) -> Sort {
    let by = match prng.below(9) {
        0 => SortBy::Id,
        1 => SortBy::LastUpdated,
        2 => SortBy::Date,
        3 => SortBy::Score,
        _ => {
            let code = prng.pick(&CODES);
            SortBy::Params(kinds.iter().map(|of| param(of, code)).collect())
        }
    };
    Sort { by, descending: prng.chance(50) }
}

fn include(prng: &mut Prng, of: &str) -> Include {
    let source = if prng.chance(60) { of } else { prng.pick(&KINDS) };
    Include {
        direction: if prng.chance(50) { Direction::Forward } else { Direction::Reverse },
        source: kind(source),
        params: vec![param(source, "patient")],
        target: prng.chance(30).then(|| kind(prng.pick(&KINDS))),
        iterate: prng.chance(40),
    }
}

pub(super) fn history(prng: &mut Prng) -> HistoryQuery {
    let moment = |prng: &mut Prng| prng.chance(25).then(|| START + prng.between(0, 1500));
    HistoryQuery {
        tenant: tenant(prng),
        scope: match prng.below(3) {
            0 => Scope::Instance(key(&target(prng))),
            1 => Scope::Type(kind(prng.pick(&KINDS))),
            _ => Scope::System,
        },
        since: moment(prng),
        until: moment(prng),
        before: prng.chance(30).then(|| prng.below(400)),
        most_bytes: prng.chance(20).then(|| prng.below(2000) as usize),
        count: if prng.chance(50) { prng.below(6) as u32 } else { 1000 },
    }
}
