//! A unit, as its code is made up.

use std::fmt;

use crate::canonical::Canonical;
use crate::error::Error;
use crate::table::{self, Atom, Prefix};
use crate::{name, parse};

/// A code of UCUM that has been understood: `mg/dL`, `10*3/uL`, `kg{body_wt}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub(crate) code: Box<str>,
    pub(crate) term: Term,
}

/// A product of parts, each multiplied with or divided by what stands before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    /// Only the first may be divided by without anything before it: `/min`.
    pub(crate) parts: Vec<(Operator, Part)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Times,
    Over,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// `mm2`: an atom, by its number in the table, with a prefix and an exponent.
    Symbol { prefix: Option<u16>, atom: u16, exponent: i32 },
    /// `10`.
    Number(Box<str>),
    /// `{cells}` alone, which counts as 1.
    Annotation(Box<str>),
    /// `(8.h)`.
    Group(Term),
}

impl Unit {
    /// Reads a code (<https://ucum.org/ucum#section-Grammar-of-Units-and-Unit-Terms>).
    ///
    /// # Errors
    /// With the place and a remedy, when it does not follow the grammar, names a unit that UCUM does not know, puts a prefix before a unit that takes none,
    /// or is beyond [`crate::MAX_BYTES`], [`crate::MAX_DEPTH`] or [`crate::MAX_EXPONENT`]. The empty text is no code.
    pub fn parse(code: &str) -> Result<Self, Error> {
        Ok(Self { code: code.into(), term: parse::term(code)? })
    }

    /// The code as it was written.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// By base units.
    ///
    /// # Errors
    /// As for [`Canonical::of`].
    pub fn canonical(&self) -> Result<Canonical, Error> {
        Canonical::of(self)
    }

    /// In words: `(meter) / (second)`; an annotation that stands alone is said as it is.
    pub fn name(&self) -> String {
        name::of(&self.term)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)
    }
}

impl Part {
    /// The prefix and the atom of a symbol.
    pub(crate) fn symbol(prefix: Option<u16>, atom: u16) -> (Option<&'static Prefix>, &'static Atom) {
        (prefix.map(|prefix| &table::prefixes()[usize::from(prefix)]), table::atom(atom))
    }
}
