//! How fast rows become AuditEvents while reads go on: what is told is safe in the journal, and whoever reads now goes first.
//!
//! To make an event of a row and to index it costs more of a processor than the read that it tells of. So while reads come in, only a part of the time is spent on it; the
//! more waits, the larger the part, up to all of it. When reads stop coming, what waits is made into events as fast as it goes.

use std::time::Duration;

/// With so many bytes of rows a second, reads come in: some 500 rows.
const BUSY_BYTES_EACH_SECOND: u64 = 50_000;

/// The part of the time that is spent on it while reads come in, in thousandths.
const LEAST_SHARE: u64 = 100;
const WHOLE: u64 = 1000;

/// As long as no more bytes of rows wait (some 2,400,000 rows, two minutes of work) the part is the least; from so many on (some ten million) it is the whole.
const LEAST_UNTIL_BYTES: u64 = 256 << 20;
const WHOLE_FROM_BYTES: u64 = 1 << 30;

/// The longest rest.
const MOST_REST: Duration = Duration::from_secs(5);

/// How much came in since it was asked the last time.
#[derive(Debug, Default)]
pub struct Pace {
    appended: u64,
    since: Duration,
}

impl Pace {
    /// How long to rest after a step that took so long; zero: not at all. `appended` is how many bytes of rows have come in all the time ([`Journal::appended`]),
    /// `behind` how many wait ([`Materialiser::behind`]), and `now` the time since some moment that stays the same.
    ///
    /// [`Journal::appended`]: crate::Journal::appended
    /// [`Materialiser::behind`]: crate::Materialiser::behind
    pub fn rest(&mut self, appended: u64, behind: u64, took: Duration, now: Duration) -> Duration {
        let came = appended.saturating_sub(std::mem::replace(&mut self.appended, appended));
        let within = now.saturating_sub(std::mem::replace(&mut self.since, now));
        let within_ms = u64::try_from(within.as_millis()).unwrap_or(u64::MAX).max(1);
        if came.saturating_mul(1000) / within_ms < BUSY_BYTES_EACH_SECOND {
            return Duration::ZERO;
        }
        let share = share(behind);
        let rest = took.saturating_mul(u32::try_from(WHOLE - share).unwrap_or(0)) / u32::try_from(share).unwrap_or(1);
        rest.min(MOST_REST)
    }
}

/// The part of the time that is spent while so many bytes wait, in thousandths.
fn share(behind: u64) -> u64 {
    let beyond = behind.saturating_sub(LEAST_UNTIL_BYTES).min(WHOLE_FROM_BYTES - LEAST_UNTIL_BYTES);
    LEAST_SHARE + (WHOLE - LEAST_SHARE) * beyond / (WHOLE_FROM_BYTES - LEAST_UNTIL_BYTES)
}
