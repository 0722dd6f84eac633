//! Adding an amount of a calendar unit (<http://hl7.org/fhirpath/N1/#datetime-arithmetic>).

use fhir::primitive::{Precision, Temporal, civil_from_days, days_from_civil};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::quantity::CalendarUnit;

const MS_PER_DAY: i64 = 86_400_000;

/// `value` and so much more, to the precision of `value`: what is finer is counted in whole units of it. `None` beyond the years 1 to 9999.
pub(crate) fn add(value: &Temporal, amount: Decimal, unit: CalendarUnit) -> Option<Temporal> {
    match unit {
        CalendarUnit::Year => add_months(value, whole(amount)?.checked_mul(12)?),
        CalendarUnit::Month => add_months(value, whole(amount)?),
        CalendarUnit::Week => add_days(value, whole(amount)?.checked_mul(7)?),
        CalendarUnit::Day => add_days(value, whole(amount)?),
        CalendarUnit::Hour => add_ms(value, whole(amount)?.checked_mul(3_600_000)?),
        CalendarUnit::Minute => add_ms(value, whole(amount)?.checked_mul(60_000)?),
        CalendarUnit::Second => add_ms(value, whole(amount.checked_mul(Decimal::ONE_THOUSAND)?)?),
        CalendarUnit::Millisecond => add_ms(value, whole(amount)?),
    }
}

/// A time of day and so much more, around the clock; `None` for units longer than an hour.
pub(crate) fn day_of(time: &Temporal, amount: Decimal, unit: CalendarUnit) -> Option<Temporal> {
    if unit > CalendarUnit::Hour {
        return None;
    }
    let moved = add(&Temporal { year: 5000, month: 1, day: 1, ..*time }, amount, unit)?;
    Some(Temporal { year: time.year, month: time.month, day: time.day, ..moved })
}

fn whole(amount: Decimal) -> Option<i64> {
    amount.trunc().to_i64()
}

fn add_months(value: &Temporal, months: i64) -> Option<Temporal> {
    // A year alone is moved by whole years.
    let months = if value.precision == Precision::Year { months / 12 * 12 } else { months };
    let total = (i64::from(value.year) * 12 + i64::from(value.month) - 1).checked_add(months)?;
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
    if !(1..=9999).contains(&year) {
        return None;
    }
    let (year, month) = (year as i32, month as u8);
    let next_month = if month == 12 { days_from_civil(year + 1, 1, 1) } else { days_from_civil(year, month + 1, 1) };
    let last_day = (next_month - days_from_civil(year, month, 1)) as u8;
    Some(Temporal { year, month, day: value.day.min(last_day), ..*value })
}

fn add_days(value: &Temporal, days: i64) -> Option<Temporal> {
    match value.precision {
        Precision::Year => add_months(value, days / 365 * 12),
        Precision::Month => add_months(value, days / 30),
        _ => at_day(value, days_from_civil(value.year, value.month, value.day).checked_add(days)?),
    }
}

fn at_day(value: &Temporal, days: i64) -> Option<Temporal> {
    // Some days more than the years 1 to 9999 have, so that the conversion cannot overflow.
    if days.abs() > 4_000_000 {
        return None;
    }
    let (year, month, day) = civil_from_days(days);
    (1..=9999).contains(&year).then_some(Temporal { year: year as i32, month: month as u8, day: day as u8, ..*value })
}

fn add_ms(value: &Temporal, ms: i64) -> Option<Temporal> {
    let ms = match value.precision {
        Precision::Year | Precision::Month | Precision::Day => return add_days(value, ms / MS_PER_DAY),
        Precision::Hour => ms / 3_600_000 * 3_600_000,
        Precision::Minute => ms / 60_000 * 60_000,
        Precision::Second | Precision::Fraction => ms,
    };
    let clock = i64::from(value.hour) * 3_600_000 + i64::from(value.minute) * 60_000 + i64::from(value.second.min(59)) * 1000;
    let moved = (clock + i64::from(value.nanosecond / 1_000_000)).checked_add(ms)?;
    let days = days_from_civil(value.year, value.month, value.day).checked_add(moved.div_euclid(MS_PER_DAY))?;
    let in_day = moved.rem_euclid(MS_PER_DAY);
    let mut result = at_day(value, days)?;
    result.hour = (in_day / 3_600_000) as u8;
    result.minute = (in_day / 60_000 % 60) as u8;
    result.second = (in_day / 1000 % 60) as u8;
    result.nanosecond = (in_day % 1000) as u32 * 1_000_000 + value.nanosecond % 1_000_000;
    if value.precision == Precision::Second && in_day % 1000 != 0 {
        (result.precision, result.fraction_digits) = (Precision::Fraction, 3);
    }
    Some(result)
}

/// The same moment in UTC. What is coarser than an hour stays as it is.
pub(crate) fn in_utc(value: &Temporal) -> Temporal {
    let Some(offset) = value.offset_min.filter(|_| value.precision >= Precision::Hour) else { return *value };
    // Moved with the precision of a minute at least, so that no part of the offset is lost.
    let precise = Temporal { precision: value.precision.max(Precision::Minute), ..*value };
    let moved = add_ms(&precise, -i64::from(offset) * 60_000).unwrap_or(*value);
    Temporal { precision: value.precision, offset_min: Some(0), ..moved }
}
