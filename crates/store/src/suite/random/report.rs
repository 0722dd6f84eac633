//! What took place in a comparison.

use std::collections::BTreeMap;

/// How often each kind of thing took place: so that a test can tell whether a comparison reached what it is for.
#[derive(Clone, Debug, Default)]
pub struct Report {
    counts: BTreeMap<String, u64>,
}

impl Report {
    pub(super) fn add(&mut self, what: &str) {
        *self.counts.entry(what.to_owned()).or_default() += 1;
    }

    /// Adds what took place elsewhere.
    pub fn extend(&mut self, other: &Report) {
        for (what, count) in &other.counts {
            *self.counts.entry(what.clone()).or_default() += count;
        }
    }

    /// How often it took place: `commit`, `search`, `several types`, `page`, `page before`, `found`, `found now`, `found in the past`, `included`, `restart`, `history`, `job taken`, or a conflict's
    /// name, `Claimed`.
    pub fn count(&self, what: &str) -> u64 {
        self.counts.get(what).copied().unwrap_or(0)
    }
}
