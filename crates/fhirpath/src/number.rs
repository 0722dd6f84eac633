//! Decimals: up to 28 digits, with the places they were written with.

use rust_decimal::{Decimal, RoundingStrategy};

/// The decimal that a JSON number or a literal stands for; `None` when it is none or is outside ±7.9 × 10²⁸. Digits after the
/// 28th are rounded.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    if text.contains(['e', 'E']) { Decimal::from_scientific(text).ok() } else { text.parse().ok() }
}

/// The integer that a decimal is; `None` when it has a fraction or is too large.
pub(crate) fn integer(value: Decimal) -> Option<i64> {
    value.fract().is_zero().then(|| i64::try_from(value.trunc()).ok())?
}

/// Whether two decimals are equal when rounded to the places of the one that has fewer, zeros at its end not counted.
pub(crate) fn equivalent(left: Decimal, right: Decimal) -> bool {
    let places = left.normalize().scale().min(right.normalize().scale());
    let round = |value: Decimal| value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    round(left) == round(right)
}

/// How many significant digits a decimal has, zeros at its end not counted.
pub(crate) fn significant_digits(value: Decimal) -> u32 {
    let mantissa = value.normalize().mantissa().unsigned_abs();
    mantissa.checked_ilog10().map_or(0, |digits| digits + 1)
}
