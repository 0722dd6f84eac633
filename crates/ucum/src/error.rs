//! What can be wrong with a code or a calculation.

use std::fmt;

/// A code that is none, or units that do not fit each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub problem: Problem,
    /// Where in the code, in bytes from its beginning.
    pub at: usize,
    /// The code.
    pub code: Box<str>,
}

/// The kinds of [`Error`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The code is empty.
    Empty,
    /// The code is longer than [`crate::MAX_BYTES`].
    TooLong,
    /// Parentheses are nested deeper than [`crate::MAX_DEPTH`].
    TooDeep,
    /// A character that UCUM has no use for.
    Character(char),
    /// Something else was expected here.
    Expected(&'static str),
    /// An opening bracket that is not closed, with the bracket that would.
    Unclosed(char),
    /// No unit of UCUM, with one that may be meant.
    UnknownUnit(Box<str>, Option<Box<str>>),
    /// A unit that takes no prefix, after one.
    NotMetric(Box<str>),
    /// A number before a unit, without the point between them.
    NumberBeforeUnit(Box<str>),
    /// An exponent or factor beyond what is calculated with.
    TooLarge,
    /// A unit on a scale that is not proportional, such as `Cel`, in a product, quotient or power.
    SpecialInProduct(Box<str>),
    /// Two units that measure different things: what the code measures, and the other one, in base units.
    Incomparable(Box<str>, Box<str>),
    /// A value that the scale of the unit does not reach, such as the logarithm of a number below zero.
    OffScale,
    /// A division by zero.
    ByZero,
}

impl Error {
    pub(crate) fn new(problem: Problem, at: usize, code: &str) -> Self {
        Self { problem, at, code: code.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.code.len() <= crate::MAX_BYTES {
            write!(f, "in the unit \"{}\", at character {}: ", self.code, self.at + 1)?;
        }
        match &self.problem {
            Problem::Empty => write!(f, "a code is expected; \"1\" is the one for no unit"),
            Problem::TooLong => write!(f, "the unit is longer than {} bytes", crate::MAX_BYTES),
            Problem::TooDeep => write!(f, "parentheses are nested deeper than {}", crate::MAX_DEPTH),
            Problem::Character(character) => write!(f, "UCUM has no {character:?}: codes are printable ASCII without spaces"),
            Problem::Expected(what) => write!(f, "{what} is expected"),
            Problem::Unclosed(bracket) => write!(f, "this is not closed by \"{bracket}\""),
            Problem::UnknownUnit(unit, None) => write!(f, "\"{unit}\" is no unit of UCUM; codes are case sensitive"),
            Problem::UnknownUnit(unit, Some(other)) => write!(f, "\"{unit}\" is no unit of UCUM; perhaps \"{other}\" is meant"),
            Problem::NotMetric(unit) => write!(f, "\"{unit}\" takes no prefix; put a power of ten before it, as in \"10*3.{unit}\""),
            Problem::NumberBeforeUnit(number) => write!(f, "a point is missing after the number: \"{number}.\""),
            Problem::TooLarge => write!(f, "exponents beyond ±{} and the factors they make are not calculated with", crate::MAX_EXPONENT),
            Problem::SpecialInProduct(unit) => write!(f, "\"{unit}\" is no proportional scale and cannot be multiplied with other units"),
            Problem::Incomparable(one, other) => write!(f, "it measures {one} and not {other}, so there is no conversion"),
            Problem::OffScale => write!(f, "the value has no place on the scale"),
            Problem::ByZero => write!(f, "nothing can be divided by zero"),
        }
    }
}

impl std::error::Error for Error {}
