//! What a unit measures: a product of powers of base units.

use std::fmt;

use crate::table::{self, Atom};

/// The exponents of base units, in the order of their codes; empty for what has no dimension. An arbitrary unit such as `[iU]` is a base of its own:
/// it can be compared with itself only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Dimension {
    powers: Vec<(u16, i32)>,
}

impl Dimension {
    pub(crate) fn base(atom: &Atom) -> Self {
        Self { powers: vec![(atom.index, 1)] }
    }

    /// Whether it is that of a plain number.
    pub fn is_none(&self) -> bool {
        self.powers.is_empty()
    }

    /// The codes of the base units with their exponents, none of which is 0.
    pub fn powers(&self) -> impl Iterator<Item = (&'static str, i32)> {
        self.powers.iter().map(|&(index, exponent)| (table::atom(index).code, exponent))
    }

    /// The dimension of a product with the other's `exponent`-th power.
    pub(crate) fn times(&self, other: &Self, exponent: i32) -> Self {
        if other.is_none() {
            return self.clone();
        }
        let mut powers = self.powers.clone();
        for &(base, power) in &other.powers {
            let power = power.saturating_mul(exponent);
            match powers.iter_mut().find(|(known, _)| *known == base) {
                Some((_, known)) => *known = known.saturating_add(power),
                None => powers.push((base, power)),
            }
        }
        powers.retain(|&(_, power)| power != 0);
        powers.sort_by_key(|&(base, _)| table::atom(base).code);
        Self { powers }
    }
}

/// As a code of UCUM: `g.m.s-2`, and `1` for none.
impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_none() {
            return f.write_str("1");
        }
        for (place, (code, exponent)) in self.powers().enumerate() {
            let dot = if place == 0 { "" } else { "." };
            match exponent {
                1 => write!(f, "{dot}{code}")?,
                _ => write!(f, "{dot}{code}{exponent}")?,
            }
        }
        Ok(())
    }
}
