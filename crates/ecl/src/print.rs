//! Constraints in their canonical form: the brief syntax, with one blank where there may be any, and parentheses where they were or have to be. Reading it
//! gives the same tree again.

mod filter;
mod refinement;

use std::fmt::{Display, Formatter, Result};

use crate::tree::{Alternate, ConceptReference, Constraint, Focus, MemberOf, Operand};

/// Writes items with a separator between them.
pub(crate) fn joined<T: Display>(f: &mut Formatter<'_>, items: &[T], separator: &str) -> Result {
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            f.write_str(separator)?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

impl Display for Constraint {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Simple(operand) => write!(f, "{operand}"),
            Self::And(operands) => joined(f, operands, " AND "),
            Self::Or(operands) => joined(f, operands, " OR "),
            Self::Minus(from, excluded) => write!(f, "{from} MINUS {excluded}"),
            Self::Refined(focus, refinement) => write!(f, "{focus}: {refinement}"),
            Self::Dotted(focus, attributes) => {
                write!(f, "{focus}")?;
                attributes.iter().try_for_each(|attribute| write!(f, " . {attribute}"))
            }
        }
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let Some(operator) = self.operator {
            write!(f, "{} ", operator.brief())?;
        }
        match &self.member_of {
            None => {}
            Some(MemberOf::Referenced) => f.write_str("^ ")?,
            Some(MemberOf::AllFields) => f.write_str("^ [*] ")?,
            Some(MemberOf::Fields(fields)) => {
                f.write_str("^ [")?;
                joined(f, fields, ", ")?;
                f.write_str("] ")?;
            }
        }
        write!(f, "{}", self.focus)?;
        for filters in &self.members {
            f.write_str(" {{ M ")?;
            joined(f, filters, ", ")?;
            f.write_str(" }}")?;
        }
        self.filters.iter().try_for_each(|filter| write!(f, " {filter}"))?;
        self.history.iter().try_for_each(|history| write!(f, " {history}"))
    }
}

impl Display for Focus {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Concept(concept) => write!(f, "{concept}"),
            Self::Alternate(alternate) => write!(f, "{alternate}"),
            Self::Any => f.write_str("*"),
            Self::Nested(constraint) => write!(f, "({constraint})"),
        }
    }
}

impl Display for ConceptReference {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}", self.id)?;
        self.term.iter().try_for_each(|term| write!(f, " |{term}|"))
    }
}

impl Display for Alternate {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let is_plain = self.code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        let quote = if is_plain { "" } else { "\"" };
        write!(f, "{quote}{}#{}{quote}", self.scheme, self.code)?;
        self.term.iter().try_for_each(|term| write!(f, " |{term}|"))
    }
}
