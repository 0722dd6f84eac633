//! Expressions as text.

use std::fmt::{Display, Formatter, Result};

use super::{Attribute, AttributeValue, Composed, Expression, Named, Status};
use crate::print::joined;

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.status {
            Status::EquivalentTo => write!(f, "{}", self.composed),
            Status::SubtypeOf => write!(f, "<<< {}", self.composed),
        }
    }
}

impl Display for Composed {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        joined(f, &self.focus, " + ")?;
        if !(self.attributes.is_empty() && self.groups.is_empty()) {
            f.write_str(": ")?;
        }
        joined(f, &self.attributes, ", ")?;
        for (place, group) in self.groups.iter().enumerate() {
            f.write_str(if place == 0 && self.attributes.is_empty() { "{ " } else { ", { " })?;
            joined(f, group, ", ")?;
            f.write_str(" }")?;
        }
        Ok(())
    }
}

impl Display for Named {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}", self.id)?;
        self.term.iter().try_for_each(|term| write!(f, " |{term}|"))
    }
}

impl Display for Attribute {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{} = ", self.name)?;
        match &self.value {
            AttributeValue::Concept(concept) => write!(f, "{concept}"),
            AttributeValue::Composed(composed) => write!(f, "({composed})"),
            AttributeValue::Number(number) => write!(f, "#{number}"),
            AttributeValue::Text(text) => write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
            AttributeValue::Boolean(boolean) => write!(f, "{boolean}"),
        }
    }
}
