//! The only place that knows the UCUM library.

use octofhir_ucum::{Number, UcumError, UnitAnalysis, analyse, convert_with_context, get_canonical_units};
use rust_decimal::Decimal;

/// How a value in one unit becomes a value in another: `value × factor + offset`.
pub(super) struct Conversion {
    pub(super) factor: Decimal,
    pub(super) offset: Decimal,
}

/// The conversion between two codes; `None` when they measure different things, are no codes, or are related by more than a line.
pub(super) fn conversion(from: &str, to: &str) -> Option<Conversion> {
    if from == to {
        return Some(Conversion { factor: Decimal::ONE, offset: Decimal::ZERO });
    }
    let converted = convert_with_context(1.0, from, to, &Default::default()).ok()?;
    Some(Conversion { factor: decimal(converted.factor?)?, offset: decimal(converted.offset?)? })
}

/// Whether two codes measure the same thing; `None` when one is no UCUM code.
pub(super) fn is_comparable(left: &str, right: &str) -> Option<bool> {
    octofhir_ucum::is_comparable(left, right).ok()
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
    let analysis: Result<UnitAnalysis, UcumError> = analyse(&code);
    let analysis = analysis.ok().filter(|analysis| analysis.special.is_none())?;
    if analysis.is_dimensionless {
        return Some((decimal(analysis.factor)?, "1".into()));
    }
    Some((Decimal::ONE, code.into()))
}

/// The code of a unit's base units, with the factor and the offset that lead to them; `None` for what is no code or not linear.
pub(super) fn base_units(code: &str) -> Option<(Box<str>, String, String)> {
    let unit = get_canonical_units(code).ok()?;
    Some((unit.unit.into(), unit.factor.to_string(), unit.offset.to_string()))
}

fn decimal(number: Number) -> Option<Decimal> {
    crate::number::decimal(&number.to_string()).map(|decimal| decimal.normalize())
}

/// The number that a code without dimension stands for: 0.01 for `%`. `None` for other codes.
pub(super) fn number(code: &str) -> Option<Decimal> {
    if code == "1" {
        return Some(Decimal::ONE);
    }
    let analysis = analyse(code).ok()?;
    (analysis.is_dimensionless && analysis.special.is_none()).then(|| decimal(analysis.factor))?
}

/// Whether values in this unit can be added and divided: it is a code, and none on a logarithmic or shifted scale.
pub(super) fn is_linear(code: &str) -> bool {
    code == "1" || analyse(code).is_ok_and(|analysis| analysis.special.is_none())
}
