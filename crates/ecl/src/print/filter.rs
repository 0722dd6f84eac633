//! Filters in their canonical form.

use std::fmt::{Display, Formatter, Result};

use super::joined;
use super::refinement::{search_terms, sign};
use crate::tree::{
    Acceptability, ConceptFilter, Concepts, DefinitionStatus, DescriptionFilter, DescriptionType, Dialect, FieldTest, Filter, History,
    MemberFilter, Time, VersionFilter,
};

/// One alone, more in parentheses.
pub(super) fn one_or_more<T: Display>(f: &mut Formatter<'_>, items: &[T]) -> Result {
    match items {
        [only] => write!(f, "{only}"),
        _ => listed(f, items),
    }
}

fn listed<T: Display>(f: &mut Formatter<'_>, items: &[T]) -> Result {
    f.write_str("(")?;
    joined(f, items, " ")?;
    f.write_str(")")
}

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Description(filters) => {
                f.write_str("{{ D ")?;
                joined(f, filters, ", ")?;
            }
            Self::Concept(filters) => {
                f.write_str("{{ C ")?;
                joined(f, filters, ", ")?;
            }
        }
        f.write_str(" }}")
    }
}

impl Display for DescriptionFilter {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Term(not, terms) => {
                write!(f, "term {} ", sign(*not))?;
                search_terms(f, terms)
            }
            Self::Language(not, codes) => {
                write!(f, "language {} ", sign(*not))?;
                one_or_more(f, codes)
            }
            Self::Type(not, types) => {
                write!(f, "type {} ", sign(*not))?;
                one_or_more(f, types)
            }
            Self::TypeId(not, concepts) => write!(f, "typeId {} {concepts}", sign(*not)),
            Self::Dialect(not, dialects, acceptability) => {
                write!(f, "dialect {} ", sign(*not))?;
                match dialects.as_slice() {
                    [Dialect { name, acceptability: None, .. }] => f.write_str(name)?,
                    _ => listed(f, dialects)?,
                }
                acceptability.iter().try_for_each(|acceptability| write!(f, " {acceptability}"))
            }
            Self::DialectId(not, dialects, acceptability) => {
                write!(f, "dialectId {} ", sign(*not))?;
                listed(f, dialects)?;
                acceptability.iter().try_for_each(|acceptability| write!(f, " {acceptability}"))
            }
            Self::DialectIn(not, operand, acceptability) => {
                write!(f, "dialectId {} {operand}", sign(*not))?;
                acceptability.iter().try_for_each(|acceptability| write!(f, " {acceptability}"))
            }
            Self::Id(not, ids) => {
                write!(f, "id {} ", sign(*not))?;
                one_or_more(f, ids)
            }
            Self::Version(filter) => write!(f, "{filter}"),
        }
    }
}

impl<Name: Display> Display for Dialect<Name> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}", self.name)?;
        self.acceptability.iter().try_for_each(|acceptability| write!(f, " {acceptability}"))
    }
}

impl Display for Acceptability {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Ids(ids) => listed(f, ids),
            Self::Named { preferred: true, acceptable: true } => f.write_str("(prefer accept)"),
            Self::Named { preferred: true, .. } => f.write_str("(prefer)"),
            Self::Named { .. } => f.write_str("(accept)"),
        }
    }
}

impl Display for DescriptionType {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Synonym => "syn",
            Self::FullySpecifiedName => "fsn",
            Self::Definition => "def",
        })
    }
}

impl Display for ConceptFilter {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Definition(not, statuses) => {
                write!(f, "definitionStatus {} ", sign(*not))?;
                one_or_more(f, statuses)
            }
            Self::DefinitionId(not, concepts) => write!(f, "definitionStatusId {} {concepts}", sign(*not)),
            Self::Version(filter) => write!(f, "{filter}"),
        }
    }
}

impl Display for DefinitionStatus {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(if *self == Self::Primitive { "primitive" } else { "defined" })
    }
}

impl Display for Concepts {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::In(operand) => write!(f, "{operand}"),
            Self::Listed(concepts) => listed(f, concepts),
        }
    }
}

impl Display for VersionFilter {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Module(not, concepts) => write!(f, "moduleId {} {concepts}", sign(*not)),
            Self::EffectiveTime(comparison, list) => {
                write!(f, "effectiveTime {} ", comparison.sign())?;
                times(f, list)
            }
            Self::Active(not, None) => write!(f, "active {} *", sign(*not)),
            Self::Active(not, Some(active)) => write!(f, "active {} {active}", sign(*not)),
        }
    }
}

fn times(f: &mut Formatter<'_>, times: &[Time]) -> Result {
    let written: Vec<String> = times.iter().map(|time| format!("\"{}\"", time.map_or_else(String::new, |time| time.to_string()))).collect();
    one_or_more(f, &written)
}

impl Display for MemberFilter {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Field(name, FieldTest::Value(value)) => write!(f, "{name} {value}"),
            Self::Field(name, FieldTest::Time(comparison, list)) => {
                write!(f, "{name} {} ", comparison.sign())?;
                times(f, list)
            }
            Self::Version(filter) => write!(f, "{filter}"),
        }
    }
}

impl Display for History {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Minimum => f.write_str("{{ +HISTORY-MIN }}"),
            Self::Moderate => f.write_str("{{ +HISTORY-MOD }}"),
            Self::Maximum => f.write_str("{{ +HISTORY-MAX }}"),
            Self::Subset(constraint) => write!(f, "{{{{ +HISTORY ({constraint}) }}}}"),
        }
    }
}
