//! A unit by UCUM's base units.

use crate::dimension::Dimension;
use crate::error::{Error, Problem};
use crate::number::Number;
use crate::scale::Function;
use crate::table::{Atom, Kind};
use crate::unit::{Operator, Part, Term, Unit};

/// What a unit measures, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical {
    /// The base units.
    pub dimension: Dimension,
    /// How many of the base units one is; on a scale, how many the unit behind the scale is.
    factor: Number,
    scale: Option<Scale>,
}

/// Where values on a scale lead to the number of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Scale {
    function: Function,
    /// By what values are multiplied first: 1/10 for `dB`.
    by: Number,
    /// The code of the special unit.
    unit: &'static str,
}

impl Scale {
    /// What is said when it is to be multiplied.
    fn in_product(&self) -> Problem {
        Problem::SpecialInProduct(self.unit.into())
    }
}

/// The line from values in a unit to values in another: `value × factor + offset`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What is multiplied with.
    pub factor: Number,
    /// What is added then.
    pub offset: Number,
}

/// Factors beyond so many bits are not calculated with.
const MAX_BITS: u64 = 8192;

impl Canonical {
    /// The canonical form of a unit.
    ///
    /// # Errors
    /// [`Problem::SpecialInProduct`] for `Cel/min`, and [`Problem::TooLarge`] for `10*999.10*999.10*999`.
    pub fn of(unit: &Unit) -> Result<Self, Error> {
        Self::of_term(&unit.term).map_err(|problem| Error::new(problem, 0, &unit.code))
    }

    fn number(factor: Number) -> Self {
        Self { dimension: Dimension::default(), factor, scale: None }
    }

    fn of_term(term: &Term) -> Result<Self, Problem> {
        let mut product = Self::number(Number::one());
        for (operator, part) in &term.parts {
            let sign = if *operator == Operator::Over { -1 } else { 1 };
            let part = match part {
                Part::Annotation(_) => continue,
                Part::Number(digits) => Self::number(Number::parse(digits).ok_or(Problem::TooLarge)?).power(sign)?,
                Part::Group(term) => Self::of_term(term)?.power(sign)?,
                Part::Symbol { prefix, atom, exponent } => Self::of_symbol(*prefix, *atom, sign * exponent)?,
            };
            product = product.times(&part)?;
        }
        Ok(product)
    }

    fn of_symbol(prefix: Option<u16>, atom: u16, exponent: i32) -> Result<Self, Problem> {
        let (prefix, atom) = Part::symbol(prefix, atom);
        let mut canonical = Self::of_atom(atom)?.clone();
        if let Some(prefix) = prefix {
            canonical = canonical.times(&Self::number(prefix.value.clone()))?;
        }
        canonical.power(exponent)
    }

    /// The canonical form of an atom, calculated once.
    pub(crate) fn of_atom(atom: &'static Atom) -> Result<&'static Self, Problem> {
        if let Some(known) = atom.canonical.get() {
            return Ok(known);
        }
        let defined = |value: &Number, unit: &str| {
            let unit = Unit::parse(unit).map_err(|error| error.problem)?;
            Self::of_term(&unit.term)?.times(&Self::number(value.clone()))
        };
        let canonical = match &atom.kind {
            Kind::Base => Self { dimension: Dimension::base(atom), factor: Number::one(), scale: None },
            Kind::Multiple(value, unit) => defined(value, unit)?,
            Kind::Special(function, value, unit) => {
                let scale = Scale { function: *function, by: Number::one(), unit: atom.code };
                Self { scale: Some(scale), ..defined(value, unit)? }
            }
        };
        Ok(atom.canonical.get_or_init(|| canonical))
    }

    /// The product. A scale may only be multiplied with a number, which then multiplies its values.
    fn times(&self, other: &Self) -> Result<Self, Problem> {
        match (&self.scale, &other.scale) {
            (None, None) => {
                let factor = self.factor.times(&other.factor);
                if factor.bits() > MAX_BITS {
                    return Err(Problem::TooLarge);
                }
                Ok(Self { dimension: self.dimension.times(&other.dimension, 1), factor, scale: None })
            }
            (Some(scale), None) if other.dimension.is_none() => {
                let by = scale.by.times(&other.factor);
                Ok(Self { scale: Some(Scale { by, ..scale.clone() }), ..self.clone() })
            }
            (None, Some(_)) if self.dimension.is_none() => other.times(self),
            (Some(scale), _) | (None, Some(scale)) => Err(scale.in_product()),
        }
    }

    fn power(&self, exponent: i32) -> Result<Self, Problem> {
        if exponent == 1 {
            return Ok(self.clone());
        }
        if let Some(scale) = &self.scale {
            return Err(scale.in_product());
        }
        if self.factor.bits().saturating_mul(u64::from(exponent.unsigned_abs())) > MAX_BITS {
            return Err(Problem::TooLarge);
        }
        let factor = self.factor.power(exponent).ok_or(Problem::ByZero)?;
        Ok(Self { dimension: Dimension::default().times(&self.dimension, exponent), factor, scale: None })
    }

    /// Whether it is on a scale such as `Cel` or `[pH]`, on which twice the value is not twice the amount.
    pub fn is_special(&self) -> bool {
        self.scale.is_some()
    }

    /// Whether amounts of the two can be converted into each other.
    pub fn is_comparable(&self, other: &Self) -> bool {
        self.dimension == other.dimension
    }

    /// How many of the base units one of the unit is; `None` on a scale.
    pub fn factor(&self) -> Option<&Number> {
        self.scale.is_none().then_some(&self.factor)
    }

    /// The line from values in the unit to values in base units; `None` on a scale that is more than shifted.
    pub fn line(&self) -> Option<Line> {
        match &self.scale {
            None => Some(Line { factor: self.factor.clone(), offset: Number::zero() }),
            Some(scale) => {
                let shift = scale.function.shift()?;
                Some(Line { factor: self.factor.times(&scale.by), offset: self.factor.times(&shift) })
            }
        }
    }

    /// The line from values in the unit to values in the other; `None` when they measure different things or no line leads there.
    pub fn line_to(&self, other: &Self) -> Option<Line> {
        if !self.is_comparable(other) {
            return None;
        }
        if let (Some(one), Some(another)) = (&self.scale, &other.scale)
            && one.function == another.function
            && self.factor == other.factor
        {
            return Some(Line { factor: one.by.over(&another.by)?, offset: Number::zero() });
        }
        let (from, to) = (self.line()?, other.line()?);
        let offset = from.offset.minus(&to.offset).over(&to.factor)?;
        Some(Line { factor: from.factor.over(&to.factor)?, offset })
    }

    /// A value in the unit as one in base units; `None` for what the scale does not reach.
    pub fn to_base(&self, value: &Number) -> Option<Number> {
        match &self.scale {
            None => Some(value.times(&self.factor)),
            Some(scale) => Some(scale.function.ratio(&value.times(&scale.by))?.times(&self.factor)),
        }
    }

    /// A value in base units as one in the unit; `None` for what the scale does not reach.
    pub fn from_base(&self, value: &Number) -> Option<Number> {
        let ratio = value.over(&self.factor)?;
        match &self.scale {
            None => Some(ratio),
            Some(scale) => scale.function.scale_value(&ratio)?.over(&scale.by),
        }
    }

    /// A value in the unit as one in the other, exactly where a line leads there; `None` when they measure different things or the scale does not reach it.
    pub fn convert(&self, value: &Number, other: &Self) -> Option<Number> {
        match self.line_to(other) {
            Some(line) => Some(value.times(&line.factor).plus(&line.offset)),
            None if self.is_comparable(other) => other.from_base(&self.to_base(value)?),
            None => None,
        }
    }
}
