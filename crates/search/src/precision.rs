//! The range that a number to search for stands for (<http://hl7.org/fhir/R4/search.html#number>).

use fhir::primitive::Decimal;
use store::query::{Compare, NumberRange};

/// The largest exponent that is read. A zero could have any.
const MAX_EXPONENT: u32 = 10_000;

/// Reads a number: `100` stands for 99.5 to 100.5, `100.00` for 99.995 to 100.005. With `ap` it is widened by a tenth of its value.
///
/// With an exponent the range is that of the specification's example, where `1e2` stands for 95 to 105: a twentieth of the
/// last digit that was written. `None` when the text is no number.
pub(crate) fn range(text: &str, compare: Compare) -> Option<NumberRange> {
    let value = Decimal::parse(text).filter(|_| !text.starts_with('+'))?;
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    if exponent.unsigned_abs() > MAX_EXPONENT {
        return None;
    }
    let fraction = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let last_digit = exponent.checked_sub(i32::try_from(fraction).ok()?)?;
    let half = if last_digit > 0 { last_digit - 2 } else { last_digit - 1 };
    let mut range = NumberRange { low: value.shifted_by_five(half, true), high: value.shifted_by_five(half, false), value };
    if compare == Compare::Approximately {
        let tenth = Decimal::parse(&format!("{}e{}", mantissa.trim_start_matches('-'), exponent - 1))?;
        range.low = range.low.min(range.value.plus(&tenth.negated()));
        range.high = range.high.max(range.value.plus(&tenth));
    }
    Some(range)
}
