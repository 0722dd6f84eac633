//! Calculating with quantities (<http://hl7.org/fhirpath/N1/#math-2>).

use rust_decimal::Decimal;

use super::compare::{code, reconciled};
use super::convert::between;
use super::{Quantity, Unit, ucum};

/// The sum, in the finer of the two units; `None` when the units cannot be added or the value is too large.
pub(crate) fn add(left: &Quantity, right: &Quantity) -> Option<Quantity> {
    let (left_unit, right_unit) = reconciled(&left.unit, &right.unit)?;
    if left_unit == right_unit {
        // Units that are no UCUM codes cannot be added, not even to themselves.
        return Some(Quantity { value: left.value.checked_add(right.value)?, unit: left_unit }).filter(|sum| is_additive(&sum.unit));
    }
    match (&left_unit, &right_unit) {
        (Unit::Calendar(first), Unit::Calendar(second)) => {
            let finer = *first.min(second);
            let value = between(left.value, *first, finer)?.checked_add(between(right.value, *second, finer)?)?;
            Some(Quantity::calendar(value, finer))
        }
        _ => {
            let (left_code, right_code) = (code(&left_unit), code(&right_unit));
            let conversion = ucum::conversion(left_code, right_code).filter(|conversion| conversion.offset.is_zero())?;
            if conversion.factor > Decimal::ONE {
                let value = left.value.checked_mul(conversion.factor)?.checked_add(right.value)?;
                return Some(Quantity::new(value, right_code));
            }
            let back = ucum::conversion(right_code, left_code)?;
            Some(Quantity::new(right.value.checked_mul(back.factor)?.checked_add(left.value)?, left_code))
        }
    }
}

fn is_additive(unit: &Unit) -> bool {
    match unit {
        Unit::Ucum(code) => ucum::is_linear(code),
        Unit::Calendar(_) | Unit::Either(_) => true,
        Unit::Other(_) => false,
    }
}

/// The product; `None` when the units have none or the value is too large.
pub(crate) fn multiply(left: &Quantity, right: &Quantity) -> Option<Quantity> {
    let value = left.value.checked_mul(right.value)?;
    match (is_number(left), is_number(right)) {
        (_, Some(_)) if !is_additive(&left.unit) => None,
        (Some(_), _) if !is_additive(&right.unit) => None,
        (_, Some(factor)) => Some(Quantity { value: left.value.checked_mul(factor)?, unit: left.unit.clone() }),
        (Some(factor), _) => Some(Quantity { value: right.value.checked_mul(factor)?, unit: right.unit.clone() }),
        _ => {
            let (left_code, right_code) = (factor_code(&left.unit)?, factor_code(&right.unit)?);
            let (factor, unit) = ucum::product(left_code, right_code)?;
            Some(Quantity { value: value.checked_mul(factor)?, unit: Unit::Ucum(unit) })
        }
    }
}

/// The quotient; `None` when it divides by zero, the units have none, or the value is too large.
pub(crate) fn divide(left: &Quantity, right: &Quantity) -> Option<Quantity> {
    if let Some(divisor) = is_number(right) {
        let is_proper = matches!(left.unit, Unit::Calendar(_) | Unit::Either(_)) || is_additive(&left.unit);
        return is_proper.then(|| Some(Quantity { value: left.value.checked_div(divisor)?, unit: left.unit.clone() }))?;
    }
    let value = left.value.checked_div(right.value)?;
    let (left_code, right_code) = (factor_code(&left.unit)?, factor_code(&right.unit)?);
    let (factor, unit) = ucum::quotient(left_code, right_code)?;
    Some(Quantity { value: value.checked_mul(factor)?, unit: Unit::Ucum(unit) })
}

/// The number that a quantity without dimension is: `2000 'g/kg'` is 2.
fn is_number(quantity: &Quantity) -> Option<Decimal> {
    match &quantity.unit {
        Unit::Ucum(code) => quantity.value.checked_mul(ucum::number(code)?),
        Unit::Calendar(_) | Unit::Either(_) | Unit::Other(_) => None,
    }
}

/// The code with which a unit takes part in products: units of the calendar take part in none.
fn factor_code(unit: &Unit) -> Option<&str> {
    match unit {
        Unit::Ucum(code) => Some(code),
        Unit::Either(unit) => Some(unit.ucum()),
        Unit::Calendar(_) | Unit::Other(_) => None,
    }
}
