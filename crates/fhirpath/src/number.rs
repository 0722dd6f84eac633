//! Decimals: up to 28 digits, with the places they were written with.

use rust_decimal::Decimal;

/// The decimal that a JSON number or a literal stands for; `None` when it is none or is outside ±7.9 × 10²⁸. Digits after the
/// 28th are rounded.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    if text.contains(['e', 'E']) { Decimal::from_scientific(text).ok() } else { text.parse().ok() }
}

/// The integer that a decimal is; `None` when it has a fraction or is too large.
pub(crate) fn integer(value: Decimal) -> Option<i64> {
    value.fract().is_zero().then(|| i64::try_from(value.trunc()).ok())?
}
