//! Dates and times as FHIR writes them: `2024`, `2024-02`, `2024-02-29`, `2024-02-29T08:15:00.5+01:00`.

use std::fmt::Write;

/// How much of a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the unit of the same name")]
pub enum Precision {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Fraction,
}

/// A date, dateTime or instant, to the precision it was written with. Parts that are not known are at their lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Temporal {
    /// How much is known.
    pub precision: Precision,
    /// 1 to 9999.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 60: a leap second is read, and counted as 59.
    pub second: u8,
    /// Nanoseconds: digits beyond the ninth are cut off.
    pub nanosecond: u32,
    /// How many digits of the fraction were written.
    pub fraction_digits: u8,
    /// Minutes east of Greenwich; `None` when no zone was written.
    pub offset_min: Option<i16>,
}

impl Temporal {
    /// Reads what FHIR calls a date, dateTime or instant, or a search value (minutes without seconds are allowed there and here).
    /// `None` when it is none, or when there is no such day.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = match text.split_once('T') {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let mut parsed = Self::parse_date(date)?;
        if let Some(time) = time {
            if parsed.precision != Precision::Day {
                return None;
            }
            parsed.parse_time(time)?;
        }
        Some(parsed)
    }

    fn parse_date(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let year = i32::try_from(digits(parts.next()?, 4)?).ok()?;
        let month = parts.next().map(|part| digits(part, 2)).map_or(Some(None), |part| part.map(Some))?;
        let day = parts.next().map(|part| digits(part, 2)).map_or(Some(None), |part| part.map(Some))?;
        let precision = match (month, day) {
            (None, _) => Precision::Year,
            (_, None) => Precision::Month,
            _ => Precision::Day,
        };
        let (month, day) = (month.unwrap_or(1) as u8, day.unwrap_or(1) as u8);
        let valid = year >= 1 && (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        (valid && parts.next().is_none()).then_some(Self {
            precision,
            year,
            month,
            day,
            hour: 0,
            minute: 0,
            second: 0,
            nanosecond: 0,
            fraction_digits: 0,
            offset_min: None,
        })
    }

    fn parse_time(&mut self, text: &str) -> Option<()> {
        let zone_at = text.find(['Z', '+', '-']).unwrap_or(text.len());
        let (clock, zone) = text.split_at(zone_at);
        let mut parts = clock.split(':');
        self.hour = digits(parts.next()?, 2)? as u8;
        self.minute = digits(parts.next()?, 2)? as u8;
        self.precision = Precision::Minute;
        if let Some(second) = parts.next() {
            let (second, fraction) = second.split_once('.').map_or((second, None), |(second, rest)| (second, Some(rest)));
            self.second = digits(second, 2)? as u8;
            self.precision = Precision::Second;
            if let Some(fraction) = fraction {
                self.parse_fraction(fraction)?;
            }
        }
        self.offset_min = parse_zone(zone)?;
        (parts.next().is_none() && self.hour < 24 && self.minute < 60 && self.second <= 60).then_some(())
    }

    fn parse_fraction(&mut self, text: &str) -> Option<()> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let kept = &text[..text.len().min(9)];
        self.nanosecond = kept.parse::<u32>().ok()? * 10_u32.pow(9 - kept.len() as u32);
        self.fraction_digits = kept.len() as u8;
        self.precision = Precision::Fraction;
        Some(())
    }

    /// The first millisecond it may stand for, since 1970 in UTC; without a zone it is taken as UTC.
    pub fn first_ms(&self) -> i64 {
        let days = days_from_civil(self.year, self.month, self.day);
        let minutes = days * 1440 + i64::from(self.hour) * 60 + i64::from(self.minute) - i64::from(self.offset_min.unwrap_or(0));
        minutes * 60_000 + i64::from(self.second.min(59)) * 1000 + i64::from(self.nanosecond / 1_000_000)
    }

    /// The last millisecond it may stand for: `2024` ends with 2024-12-31T23:59:59.999.
    pub fn last_ms(&self) -> i64 {
        let first = self.first_ms();
        match self.precision {
            Precision::Year => days_from_civil(self.year + 1, 1, 1) * 86_400_000 - 1,
            Precision::Month => first + i64::from(days_in_month(self.year, self.month)) * 86_400_000 - 1,
            Precision::Day => first + 86_400_000 - 1,
            Precision::Hour => first + 3_600_000 - 1,
            Precision::Minute => first + 60_000 - 1,
            Precision::Second => first + 999,
            Precision::Fraction => match self.fraction_digits {
                1 => first + 99,
                2 => first + 9,
                _ => first,
            },
        }
    }
}

fn parse_zone(zone: &str) -> Option<Option<i16>> {
    if zone.is_empty() {
        return Some(None);
    }
    if zone == "Z" {
        return Some(Some(0));
    }
    let (hours, minutes) = zone[1..].split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    if hours > 14 || minutes > 59 || (hours == 14 && minutes > 0) {
        return None;
    }
    let offset = (hours * 60 + minutes) as i16;
    Some(Some(if zone.starts_with('-') { -offset } else { offset }))
}

/// The number that exactly `count` digits make.
fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// The days from 1970-01-01 to a day of the Gregorian calendar.
pub fn days_from_civil(year: i32, month: u8, day: u8) -> i64 {
    // Years begin in March here, so that the leap day is the last of its year.
    let (month, year) = (i64::from(month), i64::from(year) - i64::from(month <= 2));
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The year, month and day of the Gregorian calendar that are so many days from 1970-01-01.
pub fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day_of_year - (153 * shifted_month + 2) / 5 + 1)
}

/// A moment as a FHIR instant in UTC with milliseconds: `2026-11-21T08:00:00.000Z`. For years 0 to 9999 it is 24 bytes.
pub fn instant_text(ms: i64) -> String {
    let (year, month, day) = civil_from_days(ms.div_euclid(86_400_000));
    let in_day = ms.rem_euclid(86_400_000);
    let (hour, minute, second) = (in_day / 3_600_000, in_day / 60_000 % 60, in_day / 1000 % 60);
    let mut text = String::with_capacity(24);
    let _ = write!(text, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", in_day % 1000);
    text
}
