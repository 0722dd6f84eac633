//! UCUM's base units.

use fhir::primitive::Decimal;

use super::ucum;

/// How many significant digits a converted number keeps. Factors such as that from minutes to hours are cut after the 28th digit: a number that was
/// converted on two roads is the same up to this one.
const DIGITS: usize = 24;

/// A unit by UCUM's base units: a value in it is `value × factor + offset` of them.
#[derive(Clone, Debug, PartialEq)]
pub struct CanonicalUnit {
    /// The code of the base units: `g.m.s-2` for `N`.
    pub code: Box<str>,
    factor: Decimal,
    offset: Decimal,
}

impl CanonicalUnit {
    /// The base units of a UCUM code. `None` when it is none, or one on a logarithmic scale.
    pub fn of(code: &str) -> Option<Self> {
        let (unit, factor, offset) = ucum::base_units(code)?;
        Some(Self { code: unit, factor: Decimal::parse(&factor)?, offset: Decimal::parse(&offset)? })
    }

    /// A value in the unit as one in base units, rounded to 24 significant digits. Larger values give larger ones.
    pub fn convert(&self, value: &Decimal) -> Decimal {
        value.times(&self.factor).plus(&self.offset).rounded(DIGITS)
    }
}
