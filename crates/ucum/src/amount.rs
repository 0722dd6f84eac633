//! Amounts: a value of a unit, calculated with.

use std::cmp::Ordering;
use std::fmt;

use crate::canonical::Canonical;
use crate::dimension::Dimension;
use crate::error::{Error, Problem};
use crate::number::Number;
use crate::unit::Unit;

/// So many of a unit, with the digits that the value was given with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// How many, exactly.
    pub value: Number,
    /// How many digits of the value are significant; `None` for a whole number, which is taken for exact.
    pub digits: Option<usize>,
    /// Of what.
    pub unit: Unit,
}

/// So many digits are printed of what is exact.
const EXACT_DIGITS: usize = 24;

impl Amount {
    /// Reads value and code: `6.30` and `[in_i]`. `6.30` has three significant digits; `6` is exact.
    ///
    /// # Errors
    /// As for [`Unit::parse`]; [`Problem::Expected`] when the value is no decimal.
    pub fn parse(value: &str, code: &str) -> Result<Self, Error> {
        let unit = Unit::parse(code)?;
        let number = Number::parse(value).ok_or_else(|| Error::new(Problem::Expected("a decimal number before it"), 0, code))?;
        let mantissa = value.split(['e', 'E']).next().unwrap_or_default();
        let written = mantissa.trim_start_matches(['-', '+', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
        let digits = mantissa.contains('.').then_some(written.max(1));
        Ok(Self { value: number, digits, unit })
    }

    /// The same amount in another unit, with the same significant digits.
    ///
    /// # Errors
    /// [`Problem::Incomparable`] when the units measure different things, [`Problem::OffScale`] where a scale does not reach; as for [`Canonical::of`].
    pub fn convert(&self, unit: &Unit) -> Result<Self, Error> {
        let (from, to) = (self.unit.canonical()?, unit.canonical()?);
        let value = from.convert(&self.value, &to).ok_or_else(|| self.misfit(&from, &to))?;
        Ok(Self { value, digits: self.digits, unit: unit.clone() })
    }

    fn misfit(&self, from: &Canonical, to: &Canonical) -> Error {
        let problem = match from.is_comparable(to) {
            true => Problem::OffScale,
            false => Problem::Incomparable(from.dimension.to_string().into(), to.dimension.to_string().into()),
        };
        Error::new(problem, 0, &self.unit.code)
    }

    /// Which is more.
    ///
    /// # Errors
    /// As for [`Amount::convert`].
    pub fn compare(&self, other: &Self) -> Result<Ordering, Error> {
        let (left, right) = (self.unit.canonical()?, other.unit.canonical()?);
        let misfit = || self.misfit(&left, &right);
        if !left.is_comparable(&right) {
            return Err(misfit());
        }
        let (one, two) = (left.to_base(&self.value).ok_or_else(misfit)?, right.to_base(&other.value).ok_or_else(misfit)?);
        Ok(one.cmp(&two))
    }

    /// The product, in base units, with as many significant digits as the factor that has fewer.
    ///
    /// # Errors
    /// [`Problem::SpecialInProduct`] for units on a scale; as for [`Canonical::of`].
    pub fn times(&self, other: &Self) -> Result<Self, Error> {
        let ((left, of), (right, by)) = (self.in_base()?, other.in_base()?);
        self.combined(other, left.times(&right), &of.times(&by, 1))
    }

    /// The quotient, as for [`Amount::times`].
    ///
    /// # Errors
    /// [`Problem::ByZero`], and as for [`Amount::times`].
    pub fn over(&self, other: &Self) -> Result<Self, Error> {
        let ((left, of), (right, by)) = (self.in_base()?, other.in_base()?);
        let quotient = left.over(&right).ok_or_else(|| Error::new(Problem::ByZero, 0, &other.unit.code))?;
        self.combined(other, quotient, &of.times(&by, -1))
    }

    fn in_base(&self) -> Result<(Number, Dimension), Error> {
        let canonical = self.unit.canonical()?;
        let special = || Error::new(Problem::SpecialInProduct(self.unit.code.clone()), 0, &self.unit.code);
        let factor = canonical.factor().ok_or_else(special)?;
        Ok((self.value.times(factor), canonical.dimension.clone()))
    }

    fn combined(&self, other: &Self, value: Number, dimension: &Dimension) -> Result<Self, Error> {
        let digits = [self.digits, other.digits].into_iter().flatten().min();
        Ok(Self { value, digits, unit: Unit::parse(&dimension.to_string())? })
    }
}

/// The value, rounded to its significant digits, or to 24 where it is exact.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.value.rounded(self.digits.unwrap_or(EXACT_DIGITS)))
    }
}
