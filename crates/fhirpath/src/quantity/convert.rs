//! Converting a quantity to another unit (<http://hl7.org/fhirpath/N1/#toquantityunit-string-quantity>).

use rust_decimal::Decimal;

use super::compare::{code, reconciled};
use super::{CalendarUnit, Quantity, Unit, ucum};

/// The same quantity in the unit of a code or word; `None` when it measures something else.
pub(crate) fn convert(quantity: &Quantity, unit: &str) -> Option<Quantity> {
    let target = match CalendarUnit::parse(unit) {
        Some(unit) => Unit::Calendar(unit),
        None => Unit::Ucum(unit.into()),
    };
    let from = match (&quantity.unit, &target) {
        (Unit::Either(unit), Unit::Calendar(_)) => &Unit::Calendar(*unit),
        (unit, _) => unit,
    };
    let value = match (from, &target) {
        (Unit::Calendar(from), Unit::Calendar(to)) => between(quantity.value, *from, *to)?,
        _ => {
            let (from, to) = reconciled(from, &target)?;
            let conversion = ucum::conversion(code(&from), code(&to))?;
            quantity.value.checked_mul(conversion.factor)?.checked_add(conversion.offset)?
        }
    };
    Some(Quantity { value: value.normalize(), unit: target })
}

/// An amount of one unit of the calendar in another: here a year counts as 365 days and a month as 30.
pub(super) fn between(value: Decimal, from: CalendarUnit, to: CalendarUnit) -> Option<Decimal> {
    let size = |unit: CalendarUnit| match (unit, from.is_definite() == to.is_definite()) {
        (CalendarUnit::Year, false) => 365 * CalendarUnit::Day.size(),
        (CalendarUnit::Month, false) => 30 * CalendarUnit::Day.size(),
        _ => unit.size(),
    };
    value.checked_mul(Decimal::from(size(from)))?.checked_div(Decimal::from(size(to)))
}
