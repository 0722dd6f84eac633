//! Boundaries and precision of values that are known to so many digits.

use std::sync::Arc;

use fhir::primitive::{Precision, Temporal, days_from_civil};
use rust_decimal::{Decimal, RoundingStrategy};

use super::Call;
use crate::error::Result;
use crate::evaluate::single;
use crate::item::{Collection, Item, System};
use crate::quantity::{self, Quantity};

/// Which end of what a value may stand for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Low,
    High,
}

/// How many digits a date with time has to each of its precisions.
const DATE_TIME_DIGITS: [(i32, Precision); 7] = [
    (4, Precision::Year),
    (6, Precision::Month),
    (8, Precision::Day),
    (10, Precision::Hour),
    (12, Precision::Minute),
    (14, Precision::Second),
    (17, Precision::Fraction),
];

/// The digits that a time lacks: those of the day.
const DAY_DIGITS: i32 = 8;

pub(super) fn low<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    boundary(call, End::Low)
}

pub(super) fn high<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    boundary(call, End::High)
}

fn boundary<'a>(call: &Call<'_, 'a>, end: End) -> Result<Collection<'a>> {
    let digits = call.integer_argument(0)?;
    let Some(value) = call.value()? else { return Ok(Collection::new()) };
    let bound = match &value {
        System::Date(date) => temporal(date, end, digits.unwrap_or(8), Precision::Day).map(System::Date),
        System::DateTime(date) => temporal(date, end, digits.unwrap_or(17), Precision::Fraction).map(System::DateTime),
        System::Time(time) => {
            let digits = digits.unwrap_or(9);
            let bound = (digits > 0).then(|| temporal(time, end, digits.saturating_add(DAY_DIGITS), Precision::Fraction)).flatten();
            bound.map(|bound| System::Time(Temporal { offset_min: None, ..bound }))
        }
        System::Quantity(quantity) => {
            decimal(quantity.value, end, digits).map(|value| System::Quantity(Arc::new(Quantity { value, unit: quantity.unit.clone() })))
        }
        number => match number.decimal() {
            Some(value) => decimal(value, end, digits).map(System::Decimal),
            None => return call.fail(&format!("{}() works on numbers, quantities, dates and times", call.function.name)),
        },
    };
    call.optional(bound)
}

/// The end of what a decimal may stand for, half a unit of its last place away, to so many places.
fn decimal(value: Decimal, end: End, places: Option<i32>) -> Option<Decimal> {
    let places = u32::try_from(places.unwrap_or(8)).ok().filter(|places| *places <= Decimal::MAX_SCALE)?;
    let half = Decimal::try_new(5, value.scale() + 1).ok()?;
    let (bound, strategy) = match end {
        End::Low => (value.checked_sub(half)?, RoundingStrategy::ToNegativeInfinity),
        End::High => (value.checked_add(half)?, RoundingStrategy::ToPositiveInfinity),
    };
    // A value that vanishes at this precision stays zero.
    let vanishes = value.round_dp_with_strategy(places, RoundingStrategy::ToZero).is_zero() && places < value.scale();
    let mut rounded = if vanishes { Decimal::ZERO } else { bound.round_dp_with_strategy(places, strategy) };
    rounded.set_sign_negative(bound.is_sign_negative());
    rounded.rescale(places);
    (rounded.scale() == places).then_some(rounded)
}

/// The first or last moment that a date or time may stand for, to so many digits; `None` for a number of digits that ends no part.
fn temporal(value: &Temporal, end: End, digits: i32, finest: Precision) -> Option<Temporal> {
    let (_, precision) = *DATE_TIME_DIGITS.iter().find(|(known, _)| *known == digits)?;
    if precision > finest {
        return None;
    }
    let mut bound = *value;
    let is_high = end == End::High;
    if value.precision < Precision::Month {
        bound.month = if is_high { 12 } else { 1 };
    }
    if value.precision < Precision::Day {
        bound.day = if is_high { last_day(bound.year, bound.month) } else { 1 };
    }
    if value.precision < Precision::Hour {
        bound.hour = if is_high { 23 } else { 0 };
    }
    if value.precision < Precision::Minute {
        bound.minute = if is_high { 59 } else { 0 };
    }
    if value.precision < Precision::Second {
        bound.second = if is_high { 59 } else { 0 };
    }
    if value.precision < Precision::Fraction {
        bound.nanosecond = if is_high { 999_000_000 } else { 0 };
    }
    bound.precision = precision;
    bound.fraction_digits = 3;
    // Without a zone it may be anywhere: the first moment is in the easternmost zone, the last in the westernmost.
    if precision >= Precision::Hour && bound.offset_min.is_none() {
        bound.offset_min = Some(if is_high { -12 * 60 } else { 14 * 60 });
    }
    Some(bound)
}

fn last_day(year: i32, month: u8) -> u8 {
    let next = if month == 12 { days_from_civil(year + 1, 1, 1) } else { days_from_civil(year, month + 1, 1) };
    (next - days_from_civil(year, month, 1)) as u8
}

/// How many digits a value is known to: places of a decimal, digits of a date or time.
pub(super) fn precision<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let Some(value) = call.value()? else { return Ok(Collection::new()) };
    let digits = |value: &Temporal| DATE_TIME_DIGITS.iter().find(|(_, known)| *known == value.precision).map_or(0, |(digits, _)| *digits);
    call.optional(match &value {
        System::Date(value) | System::DateTime(value) => Some(digits(value)),
        System::Time(value) => Some(digits(value) - DAY_DIGITS),
        System::Quantity(quantity) => i32::try_from(quantity.value.scale()).ok(),
        number => number.decimal().and_then(|value| i32::try_from(value.scale()).ok()),
    })
}

/// Whether two quantities have units that can be compared.
pub(super) fn comparable<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let other = call.argument(0)?;
    let other = single(call.at, "the argument of comparable()", &other)?.and_then(Item::operand);
    let (Some(left), Some(right)) = (call.value()?, other) else { return Ok(Collection::new()) };
    match (left.quantity(), right.quantity()) {
        (Some(left), Some(right)) => call.one(quantity::is_comparable(&left, &right)),
        _ => call.fail("comparable() works on quantities"),
    }
}
