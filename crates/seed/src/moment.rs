//! Points in time, to the minute, in UTC.

use fhir::primitive::{days_from_civil, instant_text};

/// A point in time: minutes since 1970 began in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(i64);

/// The minutes of a day.
const DAY_MIN: i64 = 1440;

impl Moment {
    /// Midnight at which a day begins.
    pub(crate) fn of_day(year: i32, month: u8, day: u8) -> Self {
        Self(days_from_civil(year, month, day) * DAY_MIN)
    }

    pub(crate) fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0 + minutes)
    }

    pub(crate) fn plus_hours(self, hours: i64) -> Self {
        Self(self.0 + hours * 60)
    }

    pub(crate) fn plus_days(self, days: i64) -> Self {
        Self(self.0 + days * DAY_MIN)
    }

    /// The same day, at this time.
    pub(crate) fn at(self, hour: i64, minute: i64) -> Self {
        Self(self.0.div_euclid(DAY_MIN) * DAY_MIN + hour * 60 + minute)
    }

    /// The same day, or the Monday after it when it is one of a weekend.
    pub(crate) fn on_workday(self) -> Self {
        match self.weekday() {
            5 => self.plus_days(2),
            6 => self.plus_days(1),
            _ => self,
        }
    }

    /// 0 for Monday to 6 for Sunday.
    pub(crate) fn weekday(self) -> i64 {
        // 1970 began on a Thursday.
        (self.0.div_euclid(DAY_MIN) + 3).rem_euclid(7)
    }

    /// The whole days from `earlier` to this moment.
    pub(crate) fn days_since(self, earlier: Moment) -> i64 {
        (self.0 - earlier.0).div_euclid(DAY_MIN)
    }

    /// As a FHIR dateTime or instant: `2026-11-21T08:00:00Z`.
    pub(crate) fn text(self) -> String {
        let mut text = instant_text(self.0 * 60_000);
        text.replace_range(19..23, "");
        text
    }

    /// As a FHIR date: `2026-11-21`.
    pub(crate) fn date(self) -> String {
        let mut text = instant_text(self.0 * 60_000);
        text.truncate(10);
        text
    }
}

/// A FHIR Period; open when there is no end.
pub(crate) fn period(start: Moment, end: Option<Moment>) -> fhir::Value {
    match end {
        Some(end) => fhir::object! { "start": start.text(), "end": end.text() },
        None => fhir::object! { "start": start.text() },
    }
}
