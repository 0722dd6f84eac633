//! The time of the evaluation, and the parts of dates and times.

use fhir::primitive::{Precision, Temporal};
use rust_decimal::Decimal;

use super::Call;
use crate::error::Result;
use crate::item::{Collection, Item, System};
use crate::temporal;

/// The moment that the context gives.
fn moment(call: &Call<'_, '_>) -> Result<Temporal> {
    match call.evaluator.context.now {
        Some(now) => Ok(now),
        None => call.fail(&format!("{}() has no answer here: this expression must not depend on the time", call.function.name)),
    }
}

pub(super) fn now<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.one(System::DateTime(moment(call)?))
}

pub(super) fn today<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.one(System::Date(day(moment(call)?)))
}

pub(super) fn time_of_day<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.one(System::Time(clock(moment(call)?)))
}

fn day(value: Temporal) -> Temporal {
    let precision = value.precision.min(Precision::Day);
    Temporal { precision, hour: 0, minute: 0, second: 0, nanosecond: 0, fraction_digits: 0, offset_min: None, ..value }
}

fn clock(value: Temporal) -> Temporal {
    Temporal { year: 1970, month: 1, day: 1, offset_min: None, ..value }
}

/// The date, date with time, or time that the one item is; `None` for anything else.
fn temporal_of(call: &Call<'_, '_>) -> Result<Option<(Temporal, bool)>> {
    Ok(match call.single()?.and_then(Item::operand) {
        Some(System::Date(value) | System::DateTime(value)) => Some((value, true)),
        Some(System::Time(value)) => Some((value, false)),
        Some(System::String(text)) => temporal::date_time(&text).map(|value| (value, true)),
        _ => None,
    })
}

/// A part of the one item, when it is known that precisely.
fn part<'a>(call: &Call<'_, 'a>, least: Precision, part: fn(&Temporal) -> i32) -> Result<Collection<'a>> {
    let value = temporal_of(call)?.filter(|(value, has_date)| value.precision >= least && (*has_date || least >= Precision::Hour));
    call.optional(value.map(|(value, _)| part(&value)))
}

pub(super) fn year_of<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    part(call, Precision::Year, |value| value.year)
}

pub(super) fn month_of<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    part(call, Precision::Month, |value| value.month.into())
}

pub(super) fn day_of<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    part(call, Precision::Day, |value| value.day.into())
}

pub(super) fn hour_of<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    part(call, Precision::Hour, |value| value.hour.into())
}

pub(super) fn minute_of<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    part(call, Precision::Minute, |value| value.minute.into())
}

pub(super) fn second_of<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    part(call, Precision::Second, |value| value.second.into())
}

pub(super) fn millisecond_of<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    part(call, Precision::Fraction, |value| (value.nanosecond / 1_000_000) as i32)
}

/// The zone in hours east of Greenwich.
pub(super) fn timezone_offset_of<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let offset = temporal_of(call)?.and_then(|(value, _)| value.offset_min);
    call.optional(offset.and_then(|minutes| Decimal::from(minutes).checked_div(Decimal::from(60))))
}

pub(super) fn date_of<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.optional(temporal_of(call)?.filter(|(_, has_date)| *has_date).map(|(value, _)| System::Date(day(value))))
}

pub(super) fn time_of<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let value = temporal_of(call)?.filter(|(value, has_date)| *has_date && value.precision >= Precision::Hour);
    call.optional(value.map(|(value, _)| System::Time(clock(value))))
}
