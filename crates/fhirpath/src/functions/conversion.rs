//! Conversion (<http://hl7.org/fhirpath/N1/#conversion>).

use fhir::primitive::{Precision, Temporal};
use rust_decimal::Decimal;

use super::Call;
use crate::error::Result;
use crate::evaluate::boolean;
use crate::item::{Collection, Item, System};
use crate::node::Node;
use crate::number;
use crate::quantity::{self, Quantity, Unit};
use crate::temporal;

pub(super) fn iif<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.single()?;
    // It is no iteration: `$index` and `$total` stay those of where it stands.
    let scope = call.scope.with_this(call.focus);
    let evaluate = |argument: usize| match call.arguments.get(argument) {
        Some(argument) => call.evaluator.evaluate(argument, call.focus, &scope),
        None => Ok(Collection::new()),
    };
    let criterion = evaluate(0)?;
    let holds = boolean(call.at, "the criterion of iif()", &criterion)? == Some(true);
    if let [single] = criterion.as_slice()
        && single.as_bool().is_none()
    {
        return call.fail("the criterion of iif() must be a boolean");
    }
    evaluate(if holds { 1 } else { 2 })
}

/// A conversion: what a value becomes, `None` when it becomes nothing.
type Conversion = for<'a> fn(&System<'a>) -> Option<System<'a>>;

/// The one item converted.
fn convert<'a>(call: &Call<'_, 'a>, conversion: Conversion) -> Result<Collection<'a>> {
    let value = call.single()?.and_then(Item::operand);
    call.optional(value.as_ref().and_then(conversion))
}

/// Whether the one item can be converted: empty when there is none.
fn converts<'a>(call: &Call<'_, 'a>, conversion: Conversion) -> Result<Collection<'a>> {
    let Some(item) = call.single()?.filter(|item| !item.is_absent()) else { return Ok(Collection::new()) };
    call.one(item.operand().as_ref().and_then(conversion).is_some())
}

macro_rules! conversions {
    ($($to:ident, $converts_to:ident, $conversion:expr;)*) => {
        $(
            pub(super) fn $to<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
                convert(call, $conversion)
            }
            pub(super) fn $converts_to<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
                converts(call, $conversion)
            }
        )*
    };
}

conversions! {
    to_boolean, converts_to_boolean, as_boolean;
    to_integer, converts_to_integer, as_integer;
    to_long, converts_to_long, as_long;
    to_decimal, converts_to_decimal, as_decimal;
    to_date, converts_to_date, as_date;
    to_date_time, converts_to_date_time, as_date_time;
    to_time, converts_to_time, as_time;
}

fn as_boolean<'a>(value: &System<'a>) -> Option<System<'a>> {
    let truth = match value {
        System::Boolean(truth) => *truth,
        System::String(text) => match text.to_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "1.0" => true,
            "false" | "f" | "no" | "n" | "0" | "0.0" => false,
            _ => return None,
        },
        other => match other.decimal()? {
            number if number == Decimal::ONE => true,
            number if number.is_zero() => false,
            _ => return None,
        },
    };
    Some(System::Boolean(truth))
}

fn as_integer<'a>(value: &System<'a>) -> Option<System<'a>> {
    match as_long(value)? {
        System::Long(long) => i32::try_from(long).ok().map(System::Integer),
        _ => None,
    }
}

fn as_long<'a>(value: &System<'a>) -> Option<System<'a>> {
    let long = match value {
        System::Integer(integer) => i64::from(*integer),
        System::Long(long) => *long,
        System::Boolean(truth) => i64::from(*truth),
        System::String(text) => text.parse().ok()?,
        _ => return None,
    };
    Some(System::Long(long))
}

fn as_decimal<'a>(value: &System<'a>) -> Option<System<'a>> {
    let decimal = match value {
        System::Boolean(truth) => Decimal::from(i32::from(*truth)),
        System::String(text) => {
            let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
            let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
            let all_digits = [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
            number::decimal(text).filter(|_| all_digits)?
        }
        other => other.decimal()?,
    };
    Some(System::Decimal(decimal))
}

fn as_date<'a>(value: &System<'a>) -> Option<System<'a>> {
    let date = match value {
        System::Date(date) => *date,
        System::DateTime(date_time) => day_of(date_time),
        System::String(text) => temporal::date(text)?,
        _ => return None,
    };
    Some(System::Date(date))
}

fn day_of(date_time: &Temporal) -> Temporal {
    let precision = date_time.precision.min(Precision::Day);
    Temporal { precision, hour: 0, minute: 0, second: 0, nanosecond: 0, fraction_digits: 0, offset_min: None, ..*date_time }
}

fn as_date_time<'a>(value: &System<'a>) -> Option<System<'a>> {
    match value {
        System::Date(date) | System::DateTime(date) => Some(System::DateTime(*date)),
        System::String(text) => temporal::date_time(text).map(System::DateTime),
        _ => None,
    }
}

fn as_time<'a>(value: &System<'a>) -> Option<System<'a>> {
    match value {
        System::Time(time) => Some(System::Time(*time)),
        System::String(text) => temporal::time(text.strip_prefix('T').unwrap_or(text)).map(System::Time),
        _ => None,
    }
}

fn as_quantity(value: &System<'_>) -> Option<Quantity> {
    match value {
        System::String(text) => quantity::parse(text),
        // What another system than UCUM measures is no quantity of System.
        System::Quantity(quantity) if matches!(quantity.unit, Unit::Other(_)) => None,
        System::Boolean(truth) => Some(Quantity::number(Decimal::from(i32::from(*truth)))),
        other => other.quantity().map(|quantity| (*quantity).clone()),
    }
}

/// The quantity that the one item is, converted to the unit of the argument.
fn quantity_of(call: &Call<'_, '_>) -> Result<Option<Quantity>> {
    let item = call.single()?;
    if item.is_some_and(|item| {
        item.node().is_some_and(Node::is_quantity) && item.value().is_some_and(|value| value.get("comparator").is_some())
    }) {
        return call.fail("a quantity with a comparator is a range and no quantity");
    }
    let quantity = item.and_then(Item::operand).as_ref().and_then(as_quantity);
    let unit = call.text_argument(0)?;
    Ok(match (quantity, unit) {
        (Some(quantity), Some(unit)) => quantity::convert(&quantity, &unit),
        (quantity, None) => quantity,
        (None, _) => None,
    })
}

pub(super) fn to_quantity<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.optional(quantity_of(call)?)
}

pub(super) fn converts_to_quantity<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    if call.single()?.is_none_or(Item::is_absent) {
        return Ok(Collection::new());
    }
    call.one(quantity_of(call)?.is_some())
}

fn text_of(call: &Call<'_, '_>) -> Result<Option<String>> {
    let Some(item) = call.single()? else { return Ok(None) };
    Ok(match (item.as_string(), item.operand()) {
        (Some(text), _) => Some(text.into_owned()),
        (None, Some(value)) => Some(value.text().into_owned()),
        (None, None) => None,
    })
}

pub(super) fn to_string<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.optional(text_of(call)?)
}

pub(super) fn converts_to_string<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    if call.single()?.is_none_or(Item::is_absent) {
        return Ok(Collection::new());
    }
    call.one(text_of(call)?.is_some())
}
