//! `+ - * / div mod` and signs (<http://hl7.org/fhirpath/N1/#math-2>).

use fhir::primitive::Temporal;
use rust_decimal::Decimal;
use smallvec::smallvec;

use super::singleton::optional;
use super::{Evaluator, single};
use crate::error::{Error, Result};
use crate::item::{Collection, Item, System};
use crate::number;
use crate::quantity::{self, CalendarUnit, Quantity, Unit};
use crate::syntax::tree::Operator;
use crate::temporal;

/// `-a` and `+a`: only numbers and quantities have a sign.
pub(super) fn polarity<'a>(at: u32, negative: bool, operand: &[Item<'a>]) -> Result<Collection<'a>> {
    let Some(item) = single(at, "the operand of a sign", operand)? else { return Ok(Collection::new()) };
    let value = match item.operand() {
        Some(value @ (System::Integer(_) | System::Long(_) | System::Decimal(_) | System::Quantity(_))) => value,
        _ => return Err(Error::execution(at, format!("{} has no sign: only numbers and quantities have", item.type_name()))),
    };
    if !negative {
        return Ok(smallvec![value.into()]);
    }
    Ok(optional(match value {
        System::Integer(integer) => integer.checked_neg().map(System::Integer),
        // The literal -2147483648 is an Integer although its digits alone are not.
        System::Long(2_147_483_648) => Some(System::Integer(i32::MIN)),
        System::Long(long) => long.checked_neg().map(System::Long),
        System::Decimal(decimal) => Some(System::Decimal(-decimal)),
        System::Quantity(quantity) => Some(System::Quantity(Quantity { value: -quantity.value, unit: quantity.unit.clone() }.into())),
        _ => None,
    }))
}

/// The result of `left operator right`; empty when an operand is, or there is none: a division by zero, a value too large.
pub(crate) fn calculate<'a>(
    evaluator: &Evaluator<'_, 'a>,
    at: u32,
    operator: Operator,
    left: &[Item<'a>],
    right: &[Item<'a>],
) -> Result<Collection<'a>> {
    let (Some(left), Some(right)) = (single(at, "the left operand", left)?, single(at, "the right operand", right)?) else {
        return Ok(Collection::new());
    };
    let (left_value, right_value) = match (left.operand(), right.operand()) {
        (Some(left), Some(right)) => (left, right),
        _ if left.is_absent() || right.is_absent() => return Ok(Collection::new()),
        _ => return Err(mismatch(at, operator, left, right)),
    };
    let result = match (&left_value, &right_value) {
        (System::String(left), System::String(right)) if operator == Operator::Add => {
            return Ok(smallvec![evaluator.text(at, format!("{}{}", &**left, &**right))?]);
        }
        (System::Integer(left), System::Integer(right)) => Some(integers(operator, *left, *right)),
        (System::Integer(_) | System::Long(_), System::Integer(_) | System::Long(_)) => {
            left_value.long().zip(right_value.long()).map(|(left, right)| longs(operator, left, right))
        }
        (value @ (System::Date(_) | System::DateTime(_) | System::Time(_)), System::Quantity(quantity)) => {
            shifted(at, operator, value, quantity)?
        }
        (System::Quantity(quantity), value @ (System::Date(_) | System::DateTime(_) | System::Time(_))) if operator == Operator::Add => {
            shifted(at, operator, value, quantity)?
        }
        _ => match (left_value.decimal(), right_value.decimal(), left_value.quantity(), right_value.quantity()) {
            (Some(left), Some(right), ..) => Some(decimals(operator, left, right)),
            (.., Some(left), Some(right)) => quantities(operator, &left, &right),
            _ => None,
        },
    };
    match result {
        Some(value) => Ok(optional(value)),
        None => Err(mismatch(at, operator, left, right)),
    }
}

fn integers<'a>(operator: Operator, left: i32, right: i32) -> Option<System<'a>> {
    let integer = match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::IntegerDivide => left.checked_div(right),
        Operator::Modulo => left.checked_rem(right),
        _ => return Decimal::from(left).checked_div(right.into()).map(System::Decimal),
    };
    integer.map(System::Integer)
}

fn longs<'a>(operator: Operator, left: i64, right: i64) -> Option<System<'a>> {
    let long = match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::IntegerDivide => left.checked_div(right),
        Operator::Modulo => left.checked_rem(right),
        _ => return Decimal::from(left).checked_div(right.into()).map(System::Decimal),
    };
    long.map(System::Long)
}

fn decimals<'a>(operator: Operator, left: Decimal, right: Decimal) -> Option<System<'a>> {
    let decimal = match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide => left.checked_div(right),
        Operator::Modulo => left.checked_rem(right),
        _ => {
            let whole = number::integer(left.checked_div(right)?.trunc())?;
            return Some(i32::try_from(whole).map_or(System::Long(whole), System::Integer));
        }
    };
    decimal.map(System::Decimal)
}

/// `None` when the operator is not for quantities, `Some(None)` when the result is empty.
fn quantities<'a>(operator: Operator, left: &Quantity, right: &Quantity) -> Option<Option<System<'a>>> {
    let quantity = match operator {
        Operator::Add => quantity::add(left, right),
        Operator::Subtract => quantity::add(left, &Quantity { value: -right.value, unit: right.unit.clone() }),
        Operator::Multiply => quantity::multiply(left, right),
        Operator::Divide => quantity::divide(left, right),
        Operator::IntegerDivide | Operator::Modulo => {
            let plain = |quantity: &Quantity| (quantity.unit == Unit::Ucum("1".into())).then_some(quantity.value);
            return plain(left).zip(plain(right)).map(|(left, right)| decimals(operator, left, right));
        }
        _ => return None,
    };
    Some(quantity.map(|quantity| System::Quantity(quantity.into())))
}

/// A date or time moved by a quantity of time.
fn shifted<'a>(at: u32, operator: Operator, value: &System<'a>, quantity: &Quantity) -> Result<Option<Option<System<'a>>>> {
    let amount = match operator {
        Operator::Add => quantity.value,
        Operator::Subtract => -quantity.value,
        _ => return Ok(None),
    };
    let unit = match &quantity.unit {
        Unit::Calendar(unit) | Unit::Either(unit) => Some(*unit),
        Unit::Other(_) => None,
        // `'month'` is no code of UCUM, so it can only mean the month of the calendar.
        Unit::Ucum(code) => CalendarUnit::from_ucum(code).filter(|unit| unit.is_definite()).or_else(|| CalendarUnit::parse(code)),
    };
    let Some(unit) = unit else {
        let message = "only units of time can be added to a date or time: years and months as words, without quotes";
        return Err(Error::execution(at, message));
    };
    let moved = |temporal: &Temporal| temporal::add(temporal, amount, unit);
    Ok(Some(match value {
        System::Date(date) => moved(date).map(System::Date),
        System::DateTime(date_time) => moved(date_time).map(System::DateTime),
        System::Time(_) if unit > CalendarUnit::Hour => {
            return Err(Error::execution(at, "only hours and shorter units can be added to a time"));
        }
        System::Time(time) => temporal::day_of(time, amount, unit).map(System::Time),
        _ => return Ok(None),
    }))
}

fn mismatch(at: u32, operator: Operator, left: &Item<'_>, right: &Item<'_>) -> Error {
    let name = operator.text();
    Error::execution(at, format!("{name} does not work on {} and {}", left.type_name(), right.type_name()))
}

impl System<'_> {
    fn long(&self) -> Option<i64> {
        match self {
            System::Integer(integer) => Some((*integer).into()),
            System::Long(long) => Some(*long),
            _ => None,
        }
    }
}
