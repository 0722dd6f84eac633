//! Refinements in their canonical form.

use std::fmt::{Display, Formatter, Result};

use crate::tree::{Attribute, Cardinality, Number, Refinement, SearchTerm, Value};

impl Display for Refinement {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let (parts, separator) = match self {
            Self::Attribute(attribute) => return write!(f, "{attribute}"),
            Self::Group(cardinality, set) => return write!(f, "{cardinality}{{ {set} }}"),
            Self::All(parts) => (parts, ", "),
            Self::Any(parts) => (parts, " OR "),
        };
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                f.write_str(separator)?;
            }
            match part {
                Self::All(_) | Self::Any(_) => write!(f, "({part})")?,
                Self::Attribute(_) | Self::Group(..) => write!(f, "{part}")?,
            }
        }
        Ok(())
    }
}

impl Display for Attribute {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let reverse = if self.reverse { "R " } else { "" };
        write!(f, "{}{reverse}{} {}", self.cardinality, self.name, self.value)
    }
}

/// With a blank behind it; nothing for the one that is meant where none is written.
impl Display for Cardinality {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match (self, self.max) {
            (&Self::SOME, _) => Ok(()),
            (_, None) => write!(f, "[{}..*] ", self.min),
            (_, Some(max)) => write!(f, "[{}..{max}] ", self.min),
        }
    }
}

/// With the operator before it.
impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Concepts(not, operand) => write!(f, "{} {operand}", sign(*not)),
            Self::Number(comparison, number) => write!(f, "{} {number}", comparison.sign()),
            Self::Text(not, terms) => {
                write!(f, "{} ", sign(*not))?;
                search_terms(f, terms)
            }
            Self::Boolean(not, boolean) => write!(f, "{} {boolean}", sign(*not)),
        }
    }
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "#{}", self.text)
    }
}

/// With its kind only where it is a pattern, or could be taken for an identifier without it.
impl Display for SearchTerm {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Wild(pattern) => write!(f, "wild:\"{pattern}\""),
            Self::Match(words) => {
                let kind = if words.iter().any(|word| word.contains('#')) { "match:" } else { "" };
                let words = words.join(" ").replace('\\', "\\\\").replace('"', "\\\"");
                write!(f, "{kind}\"{words}\"")
            }
        }
    }
}

pub(super) fn sign(not: bool) -> &'static str {
    if not { "!=" } else { "=" }
}

/// One alone, more in parentheses.
pub(super) fn search_terms(f: &mut Formatter<'_>, terms: &[SearchTerm]) -> Result {
    super::filter::one_or_more(f, terms)
}
