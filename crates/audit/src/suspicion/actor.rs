//! What is remembered of one actor: all of it bounded.

use std::collections::{HashMap, VecDeque};

use store::commit::Instant;
use xxhash_rust::xxh3::xxh3_64;

use super::is_within;

/// So many things that an actor was told of are remembered.
const MOST_TOLD: usize = 64;

/// One actor: a person, a client or an address.
#[derive(Default)]
pub(super) struct Actor {
    pub(super) charts: Charts,
    pub(super) listed: Charts,
    pub(super) written: Charts,
    pub(super) deletions: Moments,
    pub(super) rights: Moments,
    pub(super) failures: Moments,
    pub(super) hours: Hours,
    pub(super) place: Option<Place>,
    /// What was told, and when: the hash of the rule and of what it was about.
    told: VecDeque<(u64, Instant)>,
}

/// Where somebody was.
pub(super) struct Place {
    pub(super) at: Instant,
    pub(super) point: (i32, i32),
}

impl Actor {
    /// Whether a rule may tell of this actor: it has not within the window.
    pub(super) fn may_tell(&mut self, rule: &str, at: Instant, window_ms: i64) -> bool {
        self.may_tell_of(rule, "", at, window_ms)
    }

    /// The same of this actor with somebody else.
    pub(super) fn may_tell_of(&mut self, rule: &str, whom: &str, at: Instant, window_ms: i64) -> bool {
        let what = xxh3_64(format!("{rule} {whom}").as_bytes());
        if self.told.iter().any(|(told, when)| *told == what && is_within(*when, at, window_ms)) {
            return false;
        }
        if self.told.len() == MOST_TOLD {
            self.told.pop_front();
        }
        self.told.push_back((what, at));
        true
    }
}

/// The patients whose records were touched lately, by the hashes of their ids.
#[derive(Default)]
pub(super) struct Charts(HashMap<u64, Instant>);

impl Charts {
    /// Adds one; whether there are more than `most` within the window. Then it begins anew.
    pub(super) fn add(&mut self, patient: &str, at: Instant, window_ms: i64, most: usize) -> bool {
        self.0.insert(xxh3_64(patient.as_bytes()), at);
        if self.0.len() <= most {
            return false;
        }
        self.0.retain(|_, when| is_within(*when, at, window_ms));
        let are_many = self.0.len() > most;
        if are_many {
            self.0.clear();
        }
        are_many
    }
}

/// Moments at which something happened lately.
#[derive(Default)]
pub(super) struct Moments(VecDeque<Instant>);

impl Moments {
    /// Adds one; whether there are more than `most` within the window.
    pub(super) fn add(&mut self, at: Instant, window_ms: i64, most: usize) -> bool {
        self.0.push_back(at);
        if self.0.len() > most + 1 {
            self.0.pop_front();
        }
        self.0.len() > most && self.0.front().is_some_and(|first| is_within(*first, at, window_ms))
    }
}

/// How often somebody was at work, by the hour of the day.
#[derive(Default)]
pub(super) struct Hours([u32; 24]);

impl Hours {
    pub(super) fn add(&mut self, hour: usize) {
        self.0[hour] = self.0[hour].saturating_add(1);
    }

    /// Whether somebody who is known well was never there at this hour, the one before and the one after.
    pub(super) fn is_unusual(&self, hour: usize, known_after: u32) -> bool {
        let around = [(hour + 23) % 24, hour, (hour + 1) % 24];
        let total = self.0.iter().fold(0_u32, |sum, count| sum.saturating_add(*count));
        total >= known_after && around.iter().all(|hour| self.0[*hour] == 0)
    }
}
