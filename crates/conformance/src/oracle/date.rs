//! Dates (<http://hl7.org/fhir/R4/search.html#date>).

use super::Opinion;
use super::values::prefix;
use crate::path::Found;

/// An interval of time in milliseconds since 1970, both ends included.
pub(super) type Span = (i64, i64);

/// The beginning and the end of time.
const ALWAYS: Span = (i64::MIN, i64::MAX);

/// The interval of a value; `None` for one that ends before it begins, and for what is no date, period or moment.
pub(super) fn of(found: Found<'_>) -> Option<Span> {
    if found.of.name != "Period" {
        return span(found.value.as_str()?);
    }
    let side = |name: &str, otherwise: Span| found.value.text(name).map_or(Some(otherwise), span);
    let (start, end) = (side("start", ALWAYS)?.0, side("end", ALWAYS)?.1);
    ((start, end) != ALWAYS && start <= end).then_some((start, end))
}

/// Whether an interval compares as `[prefix]date` asks.
pub(super) fn compares(asked: &str, (first, last): Span) -> Opinion {
    let (prefix, text) = prefix(asked);
    let (from, to) = span(text)?;
    let is_within = from <= first && last <= to;
    Some(match prefix {
        "eq" => is_within,
        "ne" => !is_within,
        "lt" => first < from,
        "gt" => last > to,
        "le" => first < from || is_within,
        "ge" => last > to || is_within,
        "sa" => first > to,
        "eb" => last < from,
        _ => return None,
    })
}

/// The interval that a date or moment stands for; without a zone it is taken as UTC.
pub(super) fn span(text: &str) -> Option<Span> {
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    if !text.is_ascii() || !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let mut parts = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next(), parts.next());
    let day_ms = 86_400_000;
    match (month, day) {
        (None, _) => Some((days(year, 1, 1) * day_ms, days(year + 1, 1, 1) * day_ms - 1)),
        (Some(month), None) => {
            let month = month?;
            let next = if month == 12 { days(year + 1, 1, 1) } else { days(year, month + 1, 1) };
            Some((days(year, month, 1) * day_ms, next * day_ms - 1))
        }
        (Some(month), Some(day)) => {
            let midnight = days(year, month?, day?) * day_ms;
            if time.is_empty() {
                return Some((midnight, midnight + day_ms - 1));
            }
            let (within, width) = moment(time)?;
            Some((midnight + within, midnight + within + width - 1))
        }
    }
}

/// Milliseconds from midnight in UTC, and how many of them a time with its zone stands for.
fn moment(text: &str) -> Option<(i64, i64)> {
    let at = text.find(['Z', '+', '-', ' ']).unwrap_or(text.len());
    let (time, zone) = text.split_at(at);
    let mut parts = time.split(':');
    let (hours, minutes, seconds) = (parts.next()?.parse::<i64>().ok()?, parts.next()?.parse::<i64>().ok()?, parts.next()?);
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    let width = 10_i64.pow(3 - fraction.len().min(3) as u32);
    let shift = match zone.split_at_checked(1) {
        Some((sign, offset)) if !offset.is_empty() => {
            let (hours, minutes) = offset.split_once(':')?;
            let minutes = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
            if sign == "-" { minutes } else { -minutes }
        }
        _ => 0,
    };
    let seconds = (hours * 60 + minutes + shift) * 60 + whole.parse::<i64>().ok()?;
    Some((seconds * 1000 + digits.parse::<i64>().ok()?, width))
}

/// The days from 1970-01-01 to a day, counted year by year and month by month.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let of_year = |year: i64| if is_leap(year) { 366 } else { 365 };
    let months = [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before: i64 = if year >= 1970 { (1970..year).map(of_year).sum() } else { -(year..1970).map(of_year).sum::<i64>() };
    before + months.iter().take(month as usize - 1).sum::<i64>() + day - 1
}
