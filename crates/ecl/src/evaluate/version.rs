//! Filters of what every component has: module, time, and whether it is active.

use roaring::RoaringBitmap;

use super::Evaluation;
use crate::error::Error;
use crate::tree::{Comparison, Time, VersionFilter};

/// A filter whose sets have been evaluated.
pub(super) enum VersionTest<'a> {
    Module(bool, RoaringBitmap),
    EffectiveTime(Comparison, &'a [Time]),
    Active(bool, Option<bool>),
}

impl Evaluation<'_> {
    pub(super) fn version_test<'t>(&self, filter: &'t VersionFilter) -> Result<VersionTest<'t>, Error> {
        Ok(match filter {
            VersionFilter::Module(not, concepts) => VersionTest::Module(*not, self.concepts(concepts)?),
            VersionFilter::EffectiveTime(comparison, times) => VersionTest::EffectiveTime(*comparison, times),
            VersionFilter::Active(not, active) => VersionTest::Active(*not, *active),
        })
    }

    pub(super) fn meets(&self, test: &VersionTest<'_>, active: bool, module: u64, time: Time) -> bool {
        match test {
            VersionTest::Module(not, set) => self.is_in(module, set) != *not,
            VersionTest::EffectiveTime(comparison, times) => compares(time, *comparison, times),
            VersionTest::Active(not, wanted) => wanted.is_none_or(|wanted| wanted == active) != *not,
        }
    }
}

/// Whether a time compares so with one of others, and with `!=` with all. What is not published has no place in time: it is only equal to its like.
pub(super) fn compares(time: Time, comparison: Comparison, others: &[Time]) -> bool {
    let holds = |other: &Time| match (time, other) {
        (Some(time), Some(other)) => comparison.holds(time.cmp(other)),
        (one, other) => match comparison {
            Comparison::Equal => one == *other,
            Comparison::NotEqual => one != *other,
            _ => false,
        },
    };
    if comparison == Comparison::NotEqual { others.iter().all(holds) } else { others.iter().any(holds) }
}
