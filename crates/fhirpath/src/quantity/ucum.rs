//! Units of UCUM, in the decimals that the engine calculates with.

use std::sync::Arc;

use rust_decimal::Decimal;
use ucum::{Canonical, Number};

/// How a value in one unit becomes a value in another: `value × factor + offset`.
pub(super) struct Conversion {
    pub(super) factor: Decimal,
    pub(super) offset: Decimal,
}

/// A decimal has no more digits.
const DIGITS: usize = 28;

fn canonical(code: &str) -> Option<Arc<Canonical>> {
    ucum::canonical(code).ok()
}

fn decimal(number: &Number) -> Option<Decimal> {
    crate::number::decimal(&number.rounded(DIGITS)).map(|decimal| decimal.normalize())
}

/// The conversion between two codes; `None` when they measure different things, are no codes, or are related by more than a line.
pub(super) fn conversion(from: &str, to: &str) -> Option<Conversion> {
    if from == to {
        return Some(Conversion { factor: Decimal::ONE, offset: Decimal::ZERO });
    }
    let (from, to) = (canonical(from)?, canonical(to)?);
    let line = from.line_to(&to)?;
    Some(Conversion { factor: decimal(&line.factor)?, offset: decimal(&line.offset)? })
}

/// Whether two codes measure the same thing; `None` when one is no UCUM code.
pub(super) fn is_comparable(left: &str, right: &str) -> Option<bool> {
    let (left, right) = (canonical(left)?, canonical(right)?);
    Some(left.is_comparable(&right))
}

/// The code of the product of two units, `'1'` when it has no dimension, and the factor that its value gets.
pub(super) fn product(left: &str, right: &str) -> Option<(Decimal, Box<str>)> {
    simplified(match (left, right) {
        ("1", other) | (other, "1") => other.into(),
        _ => format!("{left}.{}", grouped(right, |text| text.starts_with('/'))),
    })
}

/// The code of the quotient of two units, and the factor that its value gets.
pub(super) fn quotient(left: &str, right: &str) -> Option<(Decimal, Box<str>)> {
    simplified(match (left, right) {
        (left, "1") => left.into(),
        (left, right) => format!("{left}/{}", grouped(right, |text| text.contains(['.', '/']))),
    })
}

/// The code, in parentheses where it needs them: UCUM reads products and quotients from left to right.
fn grouped(code: &str, needs_parentheses: fn(&str) -> bool) -> String {
    if needs_parentheses(code) { format!("({code})") } else { code.to_owned() }
}

fn simplified(code: String) -> Option<(Decimal, Box<str>)> {
    let canonical = canonical(&code)?;
    let factor = canonical.factor()?;
    match canonical.dimension.is_none() {
        true => Some((decimal(factor)?, "1".into())),
        false => Some((Decimal::ONE, code.into())),
    }
}

/// The number that a code without dimension stands for: 0.01 for `%`. `None` for other codes.
pub(super) fn number(code: &str) -> Option<Decimal> {
    if code == "1" {
        return Some(Decimal::ONE);
    }
    let canonical = canonical(code).filter(|canonical| canonical.dimension.is_none())?;
    decimal(canonical.factor()?)
}

/// Whether values in this unit can be added and divided: it is a code, and none on a logarithmic or shifted scale.
pub(super) fn is_linear(code: &str) -> bool {
    code == "1" || canonical(code).is_some_and(|canonical| !canonical.is_special())
}
