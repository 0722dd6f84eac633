//! How long records are kept before they may be erased.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::error::{Result, VaultError};

/// The years that records are kept when nothing else is said.
pub const YEARS: u16 = 7;

/// The most years that may be asked for.
const MOST_YEARS: u16 = 200;

/// For how many years records are kept after their last entry, by type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// For what [`Retention::by_kind`] does not name.
    pub years: u16,
    /// For types of their own, such as `AuditEvent`.
    pub by_kind: BTreeMap<Box<str>, u16>,
}

impl Default for Retention {
    /// Seven years for everything.
    fn default() -> Self {
        Self { years: YEARS, by_kind: BTreeMap::new() }
    }
}

impl Retention {
    /// The first moment at which a resource of the type may be erased, when its last version was at `last_ms`: the same day and time, so many years
    /// later (UTC; 1 March stands in for 29 February), in milliseconds since 1970. `i64::MAX` when that is beyond the year 9999.
    pub fn until_ms(&self, kind: &str, last_ms: i64) -> i64 {
        let years = self.by_kind.get(kind).copied().unwrap_or(self.years).min(MOST_YEARS);
        let last = Timestamp::from_millisecond(last_ms).ok();
        let until = last.and_then(|last| {
            let (last, span) = (last.to_zoned(TimeZone::UTC), i64::from(years).years());
            let until = last.checked_add(span).ok()?;
            // What is added ends on 28 February where there is no 29th: a day too soon.
            if until.day() == last.day() { Some(until) } else { until.checked_add(1.day()).ok() }
        });
        until.map_or(i64::MAX, |until| until.timestamp().as_millisecond())
    }

    /// Whether the record with these resources (type and moment of the last version of each) may be erased at `now_ms`. `by_law` says that a law demands
    /// it before the time is over (a court, or article 17 of the GDPR where it goes before the duty to keep).
    ///
    /// # Errors
    /// [`VaultError::Retained`] with the moment at which all of it may go.
    pub fn may_erase<'a>(&self, resources: impl IntoIterator<Item = (&'a str, i64)>, now_ms: i64, by_law: bool) -> Result<()> {
        let until_ms = resources.into_iter().map(|(kind, last_ms)| self.until_ms(kind, last_ms)).max();
        match until_ms {
            Some(until_ms) if now_ms < until_ms && !by_law => Err(VaultError::Retained { until_ms }),
            _ => Ok(()),
        }
    }
}
