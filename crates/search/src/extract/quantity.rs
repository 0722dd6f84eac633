//! Numbers and quantities.
//!
//! A number in a resource is itself: the range that a precision stands for belongs to the number that is searched for
//! (<http://hl7.org/fhir/R4/search.html#number>). Ranges come from comparators (`<5`), Range and SampledData.

use fhir::Value;
use fhir::primitive::Decimal;
use fhirpath::Item;
use store::entry::{EntryValue, Quantity, Range};

use crate::fold;

/// The system of currency codes.
const CURRENCIES: &str = "urn:iso:std:iso:4217";

/// Appends the number of an item.
pub(super) fn push_number(item: &Item<'_>, out: &mut Vec<EntryValue>) {
    let Some(value) = item.value() else { return };
    let range = match (item.type_name(), value) {
        ("Range", range) => limits(range.get("low"), range.get("high")),
        (_, Value::Number(text)) => Decimal::parse(text).map(exactly),
        _ => None,
    };
    out.extend(range.map(EntryValue::Number));
}

/// Appends the quantity of an item, once with the code of its unit and once with its text when that is another.
pub(super) fn push_quantity(item: &Item<'_>, out: &mut Vec<EntryValue>) {
    let Some(value) = item.value() else { return };
    match item.type_name() {
        "Money" => {
            if let Some(range) = number(value).map(exactly) {
                out.push(entry(range, CURRENCIES, value.text("currency").unwrap_or_default()));
            }
        }
        "Range" => {
            let (low, high) = (value.get("low"), value.get("high"));
            if let (Some(range), Some(unit)) = (limits(low, high), low.or(high)) {
                push_with_units(range, unit, out);
            }
        }
        "SampledData" => {
            let limit = |name| Decimal::parse(value.get(name)?.as_number()?);
            let range = Range { low: limit("lowerLimit"), high: limit("upperLimit") };
            if let Some(origin) = value.get("origin")
                && (range.low.is_some() || range.high.is_some())
            {
                push_with_units(range, origin, out);
            }
        }
        _ => {
            if let Some(number) = number(value) {
                push_with_units(compared(number, value.text("comparator")), value, out);
            }
        }
    }
}

fn number(quantity: &Value) -> Option<Decimal> {
    Decimal::parse(quantity.get("value")?.as_number()?)
}

fn exactly(number: Decimal) -> Range {
    Range { low: Some(number.clone()), high: Some(number) }
}

/// The numbers that a value with a comparator may be.
fn compared(number: Decimal, comparator: Option<&str>) -> Range {
    match comparator {
        Some("<" | "<=") => Range { low: None, high: Some(number) },
        Some(">" | ">=") => Range { low: Some(number), high: None },
        _ => exactly(number),
    }
}

/// From the value of one quantity to that of another; an absent one is an open side. A high end below the low one counts as the low one.
fn limits(low: Option<&Value>, high: Option<&Value>) -> Option<Range> {
    let (low, high) = (low.and_then(number), high.and_then(number));
    let high = if low > high && high.is_some() { low.clone() } else { high };
    (low.is_some() || high.is_some()).then_some(Range { low, high })
}

fn push_with_units(range: Range, quantity: &Value, out: &mut Vec<EntryValue>) {
    let (system, code, text) = (quantity.text("system"), quantity.text("code"), quantity.text("unit"));
    if let (Some(code), Some(text)) = (code, text)
        && code != text
    {
        out.push(entry(range.clone(), "", text));
    }
    out.push(entry(range, system.unwrap_or_default(), code.or(text).unwrap_or_default()));
}

fn entry(range: Range, system: &str, unit: &str) -> EntryValue {
    EntryValue::Quantity(Quantity { range, system: fold::bounded(system).into(), unit: fold::bounded(unit).into() })
}
