//! Attributes: `eclAttribute` in the grammar.

use super::Cursor;
use crate::error::Error;
use crate::tree::{Attribute, Cardinality, Comparison, Refinement, Value};

impl Cursor<'_> {
    pub(super) fn attribute(&mut self, cardinality: Cardinality) -> Result<Refinement, Error> {
        let reverse = self.reverse()?;
        let name = self.operand()?;
        self.blanks()?;
        let comparison = self.comparison()?;
        self.blanks()?;
        let value = self.value(comparison)?;
        Ok(Refinement::Attribute(Box::new(Attribute { cardinality, reverse, name, value })))
    }

    fn reverse(&mut self) -> Result<bool, Error> {
        // No blank has to stand behind it: `R363698007` is reversed, and `R363698007#1` an identifier of a scheme.
        let has_letter = self.letters().eq_ignore_ascii_case("R") && !self.sees_alternate();
        let is_reverse = has_letter || self.sees_word("reverseOf");
        if is_reverse {
            self.at += self.letters().len();
            self.blanks()?;
        } else {
            self.miss("R");
        }
        Ok(is_reverse)
    }

    /// What an attribute or a field is compared with.
    pub(super) fn value(&mut self, comparison: Comparison) -> Result<Value, Error> {
        if self.takes("#", "\"#\" and a number") {
            return Ok(Value::Number(comparison, self.number()?));
        }
        let not = match comparison {
            Comparison::Equal => false,
            Comparison::NotEqual => true,
            _ => return Err(self.unexpected("\"#\" and a number")),
        };
        if self.sees_search_term()? {
            return Ok(Value::Text(not, self.one_or_more(Self::search_term)?));
        }
        if let Some(boolean) = self.one_of(&[("true", true), ("false", false)]) {
            return Ok(Value::Boolean(not, boolean));
        }
        self.miss("a quotation mark");
        Ok(Value::Concepts(not, self.operand()?))
    }

    /// `[0..1]`, in the long syntax `[0 to many]`, and the blanks behind it.
    pub(super) fn cardinality(&mut self) -> Result<Cardinality, Error> {
        let start = self.at;
        self.wants("[", "\"[\"")?;
        let min = self.count()?;
        if !self.takes("..", "\"..\"") {
            self.blank_after_word()?;
            if !self.takes_long("to") {
                return Err(self.unexpected("\"..\""));
            }
            self.blank_after_word()?;
        }
        let max = if self.takes("*", "\"*\"") || self.takes_long("many") { None } else { Some(self.count()?) };
        self.wants("]", "\"]\"")?;
        if max.is_some_and(|max| max < min) {
            return Err(self.error(start, "the second number of a cardinality is not below the first"));
        }
        self.blanks()?;
        Ok(Cardinality { min, max })
    }

    fn count(&mut self) -> Result<u32, Error> {
        let start = self.at;
        let digits = self.digits();
        if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
            self.at = start;
            return Err(self.unexpected("a number"));
        }
        digits.parse().map_err(|_| self.error(start, "nothing is there so often"))
    }
}
