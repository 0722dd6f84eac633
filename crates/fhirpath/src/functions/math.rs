//! Math (<http://hl7.org/fhirpath/N1/#math>).

use rust_decimal::{Decimal, MathematicalOps, RoundingStrategy};

use super::Call;
use crate::error::Result;
use crate::evaluate::single as one_item;
use crate::item::{Collection, System};
use crate::number;
use crate::quantity::Quantity;

/// Applies `map` to the decimal of the one item, a quantity keeping its unit; `whole` is what an integer becomes.
fn mapped<'a>(call: &Call<'_, 'a>, map: impl Fn(Decimal) -> Option<Decimal>, to_integer: bool) -> Result<Collection<'a>> {
    let Some(value) = call.value()? else { return Ok(Collection::new()) };
    let mapped = match &value {
        System::Integer(_) | System::Long(_) if to_integer => Some(value.clone()),
        System::Quantity(quantity) => {
            map(quantity.value).map(|value| System::Quantity(Quantity { value, unit: quantity.unit.clone() }.into()))
        }
        other => match other.decimal() {
            Some(decimal) if to_integer => map(decimal).and_then(number::integer).map(integer),
            Some(decimal) => map(decimal).map(System::Decimal),
            None => return call.fail(&format!("{}() works on numbers and quantities", call.function.name)),
        },
    };
    call.optional(mapped)
}

fn integer<'a>(value: i64) -> System<'a> {
    i32::try_from(value).map_or(System::Long(value), System::Integer)
}

pub(super) fn abs<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    match call.value()? {
        Some(System::Integer(integer)) => call.optional(integer.checked_abs()),
        Some(System::Long(long)) => call.optional(long.checked_abs().map(System::Long)),
        _ => mapped(call, |value| Some(value.abs()), false),
    }
}

pub(super) fn ceiling<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    mapped(call, |value| Some(value.ceil()), true)
}

pub(super) fn floor<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    mapped(call, |value| Some(value.floor()), true)
}

pub(super) fn truncate<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    mapped(call, |value| Some(value.trunc()), true)
}

pub(super) fn round<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let places = match call.integer_argument(0)? {
        Some(places) => match u32::try_from(places) {
            Ok(places) => places,
            Err(_) => return call.fail("round() takes the number of places, 0 or more"),
        },
        None => 0,
    };
    let round = |value: Decimal| Some(value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero));
    mapped(call, round, false)
}

/// The decimal that the one item is.
fn decimal(call: &Call<'_, '_>) -> Result<Option<Decimal>> {
    let Some(value) = call.value()? else { return Ok(None) };
    match value.decimal() {
        Some(decimal) => Ok(Some(decimal)),
        None => call.fail(&format!("{}() works on numbers", call.function.name)),
    }
}

fn decimal_argument(call: &Call<'_, '_>) -> Result<Option<Decimal>> {
    let items = call.argument(0)?;
    let Some(item) = one_item(call.at, format_args!("the argument of {}()", call.function.name), &items)? else { return Ok(None) };
    match item.system().and_then(|value| value.decimal()) {
        Some(decimal) => Ok(Some(decimal)),
        None if item.is_absent() => Ok(None),
        None => call.fail(&format!("the argument of {}() must be a number", call.function.name)),
    }
}

pub(super) fn exp<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.optional(decimal(call)?.and_then(|value| value.checked_exp_with_tolerance(TOLERANCE)).map(shortened))
}

/// How far `exp()` goes: its series ends with terms below this.
const TOLERANCE: Decimal = Decimal::from_parts(1, 0, 0, false, 24);

pub(super) fn ln<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.optional(decimal(call)?.and_then(|value| value.checked_ln()).map(shortened))
}

pub(super) fn log<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let value = decimal(call)?;
    let (Some(value), Some(base)) = (value, decimal_argument(call)?) else { return Ok(Collection::new()) };
    let logarithm = || value.checked_ln()?.checked_div(base.checked_ln()?);
    call.optional(logarithm().map(shortened))
}

pub(super) fn sqrt<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.optional(decimal(call)?.and_then(|value| value.sqrt()).map(shortened))
}

pub(super) fn power<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let value = decimal(call)?;
    let (Some(value), Some(exponent)) = (value, decimal_argument(call)?) else { return Ok(Collection::new()) };
    let power = match number::integer(exponent) {
        Some(exponent) => value.checked_powi(exponent),
        None if value.is_sign_negative() => None,
        None if exponent == Decimal::new(5, 1) => value.sqrt(),
        None => value.checked_powd(exponent),
    };
    let was_integer = call.value()?.is_some_and(|value| matches!(value, System::Integer(_) | System::Long(_)));
    match power.and_then(number::integer) {
        Some(whole) if was_integer => call.one(integer(whole)),
        _ => call.optional(power.map(shortened)),
    }
}

/// The last digits of a computed irrational are not exact, so they are rounded away, and zeros at its end.
fn shortened(value: Decimal) -> Decimal {
    value.round_sf(18).unwrap_or(value).normalize()
}
