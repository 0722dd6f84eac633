//! The values that literals stand for.

use crate::error::{Error, Result};
use crate::item::{Item, System};
use crate::quantity::{CalendarUnit, Quantity};
use crate::temporal;

pub(super) fn number(at: u32, text: &str) -> Result<Item<'static>> {
    if text.contains('.') {
        return Ok(System::Decimal(decimal(at, text)?).into());
    }
    match text.parse::<i32>() {
        Ok(integer) => Ok(System::Integer(integer).into()),
        // The sign of -2147483648 is an operator, so its digits alone do not fit: all that is larger becomes a Long.
        Err(_) => long(at, text),
    }
}

pub(super) fn long(at: u32, digits: &str) -> Result<Item<'static>> {
    match digits.parse() {
        Ok(long) => Ok(System::Long(long).into()),
        Err(_) => Err(Error::syntax(at, "an integer may be at most 9223372036854775807")),
    }
}

fn decimal(at: u32, text: &str) -> Result<rust_decimal::Decimal> {
    crate::number::decimal(text).ok_or_else(|| Error::syntax(at, "a decimal may have at most 28 digits"))
}

pub(super) fn quantity(at: u32, number: &str, unit: &str) -> Result<Item<'static>> {
    Ok(Quantity::new(decimal(at, number)?, unit).into())
}

/// `3 days`; `None` when the word is not a calendar unit.
pub(super) fn calendar_quantity(at: u32, number: &str, word: &str) -> Result<Option<Item<'static>>> {
    let Some(unit) = CalendarUnit::parse(word) else { return Ok(None) };
    Ok(Some(Quantity::calendar(decimal(at, number)?, unit).into()))
}

/// `@2024-02-29`, `@2024-02-29T10:00Z`, `@T10:00`, without the `@`.
pub(super) fn temporal(at: u32, text: &str) -> Result<Item<'static>> {
    let parsed = match text.strip_prefix('T') {
        Some(time) => temporal::time(time).map(System::Time),
        None if text.contains('T') => temporal::date_time(text).map(System::DateTime),
        None => temporal::date(text).map(System::Date),
    };
    match parsed {
        Some(value) => Ok(value.into()),
        None => {
            Err(Error::syntax(at, "expected a date, as @2024-02-29, a date with time, as @2024-02-29T10:00:00Z, or a time, as @T10:00"))
        }
    }
}
