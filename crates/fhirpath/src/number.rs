//! Decimals: up to 28 digits, with the places they were written with.

use rust_decimal::{Decimal, MathematicalOps, RoundingStrategy};

/// The decimal that a JSON number or a literal stands for; `None` when it is none or is outside ±7.9 × 10²⁸. Digits after the
/// 28th are rounded.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return text.parse().ok() };
    let (mantissa, exponent): (Decimal, i32) = (mantissa.parse().ok()?, exponent.parse().ok()?);
    let power = Decimal::TEN.checked_powu(u64::from(exponent.unsigned_abs()));
    match power {
        Some(power) if exponent >= 0 => mantissa.checked_mul(power),
        Some(power) => mantissa.checked_div(power),
        // Below the last digit that is kept.
        None if exponent < 0 => Some(Decimal::ZERO),
        None => None,
    }
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
