//! Comparing quantities (<http://hl7.org/fhirpath/N1/#comparison>).

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::convert::between;
use super::{Quantity, Unit, ucum};
use crate::number;

/// Which of two quantities is less; `None` when their units cannot be compared.
pub(crate) fn compare(left: &Quantity, right: &Quantity) -> Option<Ordering> {
    let (left, right) = in_same_unit(left, right)?;
    Some(left.cmp(&right))
}

/// Whether two quantities are equal: units that measure different things make them different; `None` for units that are no UCUM codes,
/// and for years and months of the calendar beside UCUM's.
pub(crate) fn equal(left: &Quantity, right: &Quantity) -> Option<bool> {
    if let Some(ordering) = compare(left, right) {
        return Some(ordering.is_eq());
    }
    let (left, right) = reconciled(&left.unit, &right.unit)?;
    (!ucum::is_comparable(code(&left), code(&right))?).then_some(false)
}

/// Whether two quantities have comparable units.
pub(crate) fn is_comparable(left: &Quantity, right: &Quantity) -> bool {
    in_same_unit(left, right).is_some()
}

/// Whether two quantities are equal to the precision of the less precise one. A year of the calendar is equivalent to UCUM's here.
pub(crate) fn equivalent(left: &Quantity, right: &Quantity) -> bool {
    let relaxed = |quantity: &Quantity| Quantity::new(quantity.value, code(&quantity.unit));
    let in_one = in_same_unit(left, right).or_else(|| in_same_unit(&relaxed(left), &relaxed(right)));
    in_one.is_some_and(|(converted_left, converted_right)| {
        if left.unit == right.unit {
            number::equivalent(converted_left, converted_right)
        } else {
            equal_to_fewer_digits(left.value, right.value, converted_left, converted_right)
        }
    })
}

/// Whether two values, converted to one unit, are equal to as many significant digits as the less precise was written with.
fn equal_to_fewer_digits(left: Decimal, right: Decimal, converted_left: Decimal, converted_right: Decimal) -> bool {
    let digits = number::significant_digits(left).min(number::significant_digits(right)).max(1);
    let round = |value: Decimal| value.round_sf_with_strategy(digits, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    match (round(converted_left), round(converted_right)) {
        (Some(left), Some(right)) => left == right,
        _ => converted_left == converted_right,
    }
}

/// Both values in the finer of the two units.
pub(super) fn in_same_unit(left: &Quantity, right: &Quantity) -> Option<(Decimal, Decimal)> {
    let (left_unit, right_unit) = reconciled(&left.unit, &right.unit)?;
    if left_unit == right_unit {
        return Some((left.value, right.value));
    }
    match (&left_unit, &right_unit) {
        (Unit::Calendar(left_unit), Unit::Calendar(right_unit)) => {
            let finer = *left_unit.min(right_unit);
            Some((between(left.value, *left_unit, finer)?, between(right.value, *right_unit, finer)?))
        }
        _ => {
            let conversion = ucum::conversion(code(&left_unit), code(&right_unit))?;
            if conversion.factor >= Decimal::ONE || conversion.factor.is_zero() {
                let converted = left.value.checked_mul(conversion.factor)?.checked_add(conversion.offset)?;
                return Some((converted, right.value));
            }
            let back = ucum::conversion(code(&right_unit), code(&left_unit))?;
            Some((left.value, right.value.checked_mul(back.factor)?.checked_add(back.offset)?))
        }
    }
}

/// Two units, both of the calendar or both of UCUM: years and months of the calendar do not become UCUM's.
pub(super) fn reconciled(left: &Unit, right: &Unit) -> Option<(Unit, Unit)> {
    let settled = |unit: &Unit, other: &Unit| match (unit, other) {
        (Unit::Either(unit), Unit::Ucum(_)) => Unit::Ucum(unit.ucum().into()),
        (Unit::Either(unit), _) => Unit::Calendar(*unit),
        _ => unit.clone(),
    };
    let (left, right) = (settled(left, right), settled(right, left));
    match (&left, &right) {
        (Unit::Calendar(unit), Unit::Ucum(_)) | (Unit::Ucum(_), Unit::Calendar(unit)) => {
            let as_ucum = |unit: &Unit| Unit::Ucum(code(unit).into());
            // The mean years and months of UCUM are no time that the calendar knows.
            let is_mean = [&left, &right].into_iter().any(|unit| matches!(unit, Unit::Ucum(code) if is_mean(code)));
            (unit.is_definite() && !is_mean).then(|| (as_ucum(&left), as_ucum(&right)))
        }
        _ => Some((left, right)),
    }
}

/// The UCUM code of a unit.
pub(super) fn code(unit: &Unit) -> &str {
    match unit {
        Unit::Calendar(unit) | Unit::Either(unit) => unit.ucum(),
        Unit::Ucum(code) | Unit::Other(code) => code,
    }
}

/// Whether a UCUM code is a year or month of mean length.
fn is_mean(code: &str) -> bool {
    matches!(code, "a" | "mo" | "a_j" | "mo_j" | "a_t" | "a_g" | "mo_s" | "mo_g")
}
