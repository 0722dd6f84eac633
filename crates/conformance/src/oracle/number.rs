//! Numbers and quantities (<http://hl7.org/fhir/R4/search.html#number>, <http://hl7.org/fhir/R4/search.html#quantity>).

use fhir::Value;
use rust_decimal::Decimal;

use super::values::{plain, prefix, split};
use super::{Opinion, any};
use crate::path::Found;

/// How many significant digits count in units of UCUM: values are compared in base units, and one that was converted is rounded to so many.
const UCUM_DIGITS: usize = 24;

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Whether one of the numbers compares as `[prefix]number` asks.
pub(super) fn any_is(found: &[Found<'_>], asked: &str) -> Opinion {
    any(found.iter().map(|each| compares(asked, read(each.value.as_number()?)?)))
}

/// Whether one of the quantities compares as `[prefix]number|[system]|[code]` asks.
pub(super) fn any_quantity_is(found: &[Found<'_>], asked: &str) -> Opinion {
    any(found.iter().map(|each| quantity_is(*each, asked)))
}

fn quantity_is(found: Found<'_>, asked: &str) -> Opinion {
    let parts = split(asked, '|');
    let value = found.value;
    let has_number_only = value.get("comparator").is_none() && !["Money", "Range", "SampledData"].contains(&found.of.name);
    let number = value.get("value").and_then(Value::as_number).filter(|_| has_number_only)?;
    let has_unit = match parts.as_slice() {
        [_] => true,
        [_, system, unit] => {
            let (system, unit) = (plain(system), plain(unit));
            let is_code = value.text("code") == Some(&unit);
            let is_text = value.text("unit") == Some(&unit);
            if system.is_empty() { is_code || is_text } else { is_code && value.text("system") == Some(&system) }
        }
        _ => return None,
    };
    let ucum = "http://unitsofmeasure.org";
    let is_ucum = value.text("system") == Some(ucum) && parts.len() > 1;
    if is_ucum && digits(number).max(digits(&parts[0])) > UCUM_DIGITS {
        return None;
    }
    if has_unit {
        return compares(&parts[0], read(number)?);
    }
    match (value.text("system"), parts.get(1).map(|system| plain(system))) {
        (Some(system), Some(asked)) if system == ucum && asked == ucum => {
            let (from, to) = (exponent(value.text("code")?), exponent(&plain(&parts[2])));
            let (Some(from), Some(to)) = (from, to) else { return Some(false) };
            compares(&parts[0], read(number)?.checked_mul(Decimal::from_scientific(&format!("1e{}", from - to)).ok()?)?)
        }
        // A unit of no named system may be UCUM's.
        (Some(system), Some(asked)) if system == ucum && asked.is_empty() => None,
        _ => Some(false),
    }
}

/// The power of ten by which a unit of mass is so many grams; `None` for units of other things.
fn exponent(unit: &str) -> Option<i32> {
    match unit {
        "mg" => Some(-3),
        "g" => Some(0),
        "kg" => Some(3),
        _ => None,
    }
}

fn compares(asked: &str, number: Decimal) -> Opinion {
    let (prefix, text) = prefix(asked);
    let asked = read(text)?;
    Some(match prefix {
        "gt" | "sa" => number > asked,
        "lt" | "eb" => number < asked,
        "ge" => number >= asked,
        "le" => number <= asked,
        "eq" => is_within(text, asked, number)?,
        "ne" => !is_within(text, asked, number)?,
        _ => return None,
    })
}

/// Whether a number lies in the range that the digits written stand for: 100 is from 99.5 up to, and without, 100.5.
fn is_within(text: &str, asked: Decimal, number: Decimal) -> Opinion {
    if text.contains(['e', 'E']) {
        return None;
    }
    let digits = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let half = Decimal::try_new(5, u32::try_from(digits).ok()? + 1).ok()?;
    Some(asked.checked_sub(half)? <= number && number < asked.checked_add(half)?)
}

/// The number that is written so.
pub(super) fn read(text: &str) -> Option<Decimal> {
    if text.contains(['e', 'E']) { Decimal::from_scientific(text).ok() } else { Decimal::from_str_exact(text).ok() }
}
