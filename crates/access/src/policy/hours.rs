//! When a rule holds: hours of days, by the hospital's clock.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use store::commit::Instant;

/// Days of the week: Monday is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days(pub [bool; 7]);

/// The names of the days, as rules write them.
pub(super) const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// The last minute of a day, and the one after: `24:00`.
const DAY_MINUTES: u16 = 24 * 60;

/// Hours of some days: from a minute on, up to another, which does not belong to them. Where the second is not after the first, they end on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// The days on which they begin.
    pub days: Days,
    /// The first minute, counted from midnight.
    pub from: u16,
    /// The minute at which they end: up to 1440, midnight at the end of the day.
    pub until: u16,
}

impl Days {
    /// Every day.
    pub const ALL: Days = Days([true; 7]);

    fn has(self, day: Weekday) -> bool {
        self.0[day.to_monday_zero_offset() as usize]
    }
}

impl Hours {
    /// Whether they are at this moment.
    pub fn hold(&self, now: Instant, zone: &TimeZone) -> bool {
        let Ok(at) = Timestamp::from_millisecond(now) else { return false };
        let local = at.to_zoned(zone.clone());
        let minute = local.hour() as u16 * 60 + local.minute() as u16;
        let (today, yesterday) = (local.weekday(), local.weekday().previous());
        if self.from < self.until {
            return self.days.has(today) && (self.from..self.until).contains(&minute);
        }
        self.days.has(today) && minute >= self.from || self.days.has(yesterday) && minute < self.until
    }

    /// The first moment after `now` at which they may begin or end; `None` beyond the calendar.
    pub fn next_change(&self, now: Instant, zone: &TimeZone) -> Option<Instant> {
        let today = Timestamp::from_millisecond(now).ok()?.to_zoned(zone.clone()).date();
        // Three days, so that one that a change of the clock makes shorter or longer is not missed.
        let dates = (0..3).filter_map(|days| today.checked_add(days.days()).ok());
        let moments = dates.flat_map(|date| [self.from, self.until].map(|minute| moment(date, minute, zone)));
        moments.flatten().filter(|at| *at > now).min()
    }
}

fn moment(date: Date, minute: u16, zone: &TimeZone) -> Option<Instant> {
    let (date, minute) = if minute >= DAY_MINUTES { (date.tomorrow().ok()?, 0) } else { (date, minute) };
    let time = Time::new((minute / 60) as i8, (minute % 60) as i8, 0, 0).ok()?;
    Some(date.to_datetime(time).to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

/// The minute of a time such as `07:30`; `24:00` is the end of the day.
pub(super) fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |text: &str| (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse::<u16>().ok())?;
    let (hour, minute) = (digits(hour)?, digits(minute)?);
    let whole = hour * 60 + minute;
    (minute < 60 && whole <= DAY_MINUTES).then_some(whole)
}
