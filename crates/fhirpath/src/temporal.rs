//! Dates and times: reading, writing, and three-valued comparison by precision.

mod arithmetic;
mod compare;

use std::fmt::Write;

use fhir::primitive::{Precision, Temporal};

pub(crate) use arithmetic::{add, day_of};
pub(crate) use compare::{compare, equivalent};

/// Reads `2024`, `2024-02` or `2024-02-29`.
pub(crate) fn date(text: &str) -> Option<Temporal> {
    Temporal::parse(text).filter(|date| date.precision <= Precision::Day)
}

/// Reads a date with or without a time; `2024-02-29T10` and a bare `2024T` are allowed, as FHIRPath does.
pub(crate) fn date_time(text: &str) -> Option<Temporal> {
    let Some((day, clock)) = text.split_once('T') else { return date(text) };
    let day = date(day)?;
    if clock.is_empty() {
        return Some(day);
    }
    let parsed = time_with_zone(clock)?;
    let known = day.precision == Precision::Day;
    known.then_some(Temporal { year: day.year, month: day.month, day: day.day, ..parsed })
}

/// Reads `10`, `10:30`, `10:30:05` or `10:30:05.123`.
pub(crate) fn time(text: &str) -> Option<Temporal> {
    time_with_zone(text).filter(|time| time.offset_min.is_none())
}

fn time_with_zone(text: &str) -> Option<Temporal> {
    // `Temporal` reads no hour that stands alone, so its minutes are put beside it first.
    let zone_at = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(zone_at);
    if clock.len() != 2 {
        return Temporal::parse(&format!("1970-01-01T{text}"));
    }
    let parsed = Temporal::parse(&format!("1970-01-01T{clock}:00{zone}"))?;
    Some(Temporal { precision: Precision::Hour, ..parsed })
}

/// A date as text, to its precision.
pub(crate) fn date_text(date: &Temporal) -> String {
    let mut text = format!("{:04}", date.year);
    if date.precision >= Precision::Month {
        let _ = write!(text, "-{:02}", date.month);
    }
    if date.precision >= Precision::Day {
        let _ = write!(text, "-{:02}", date.day);
    }
    text
}

/// A date with its time as text, to its precision.
pub(crate) fn date_time_text(value: &Temporal) -> String {
    let mut text = date_text(value);
    if value.precision < Precision::Hour {
        return text;
    }
    text.push('T');
    text.push_str(&time_text(value));
    match value.offset_min {
        None => {}
        Some(0) => text.push('Z'),
        Some(offset) => {
            let sign = if offset < 0 { '-' } else { '+' };
            let _ = write!(text, "{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60);
        }
    }
    text
}

/// A time as text, to its precision.
pub(crate) fn time_text(time: &Temporal) -> String {
    let mut text = format!("{:02}", time.hour);
    if time.precision >= Precision::Minute {
        let _ = write!(text, ":{:02}", time.minute);
    }
    if time.precision >= Precision::Second {
        let _ = write!(text, ":{:02}", time.second);
    }
    if time.precision >= Precision::Fraction {
        let digits = format!("{:09}", time.nanosecond);
        let _ = write!(text, ".{}", &digits[..usize::from(time.fraction_digits.clamp(1, 9))]);
    }
    text
}
