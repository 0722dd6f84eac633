//! Filters by dialect: `dialectFilter` in the grammar.

use super::Cursor;
use crate::error::Error;
use crate::tree::{Acceptability, DescriptionFilter, Dialect};

impl Cursor<'_> {
    /// `dialect` or `dialectId`; `None` when neither is next.
    pub(super) fn dialect_filter(&mut self) -> Result<Option<DescriptionFilter>, Error> {
        if self.takes_word("dialect") {
            let not = self.equality()?;
            let aliases = self.dialects(Self::alias)?;
            return Ok(Some(DescriptionFilter::Dialect(not, aliases, self.acceptability()?)));
        }
        if !self.takes_word("dialectId") {
            return Ok(None);
        }
        let not = self.equality()?;
        let listed = match self.peek() {
            Some(b'(') => self.attempt(|cursor| cursor.dialects(Self::concept_reference)),
            _ => None,
        };
        Ok(Some(match listed {
            Some(dialects) => DescriptionFilter::DialectId(not, dialects, self.acceptability()?),
            None => {
                let operand = Box::new(self.operand()?);
                DescriptionFilter::DialectIn(not, operand, self.acceptability()?)
            }
        }))
    }

    /// One dialect, or some in parentheses, each of which may have an acceptability of its own there.
    fn dialects<Name>(&mut self, name: fn(&mut Self) -> Result<Name, Error>) -> Result<Vec<Dialect<Name>>, Error> {
        let is_listed = self.peek() == Some(b'(');
        self.one_or_more(|cursor| {
            let at = cursor.here();
            let name = name(cursor)?;
            let acceptability = if is_listed { cursor.acceptability()? } else { None };
            Ok(Dialect { name, acceptability, at })
        })
    }

    /// `(prefer accept)` or concepts in parentheses, with blanks before it; `None`, and the cursor where it was, when there is none.
    fn acceptability(&mut self) -> Result<Option<Acceptability>, Error> {
        let start = self.at;
        self.blanks()?;
        if self.peek() != Some(b'(') {
            self.miss("\"(\"");
            self.at = start;
            return Ok(None);
        }
        if let Some(ids) = self.attempt(|cursor| cursor.in_parentheses(Self::concept_reference)) {
            return Ok(Some(Acceptability::Ids(ids)));
        }
        let words = [("prefer", true), ("preferred", true), ("accept", false), ("acceptable", false)];
        let named = self.in_parentheses(|cursor| cursor.one_of(&words).ok_or_else(|| cursor.unexpected("prefer or accept")))?;
        Ok(Some(Acceptability::Named { preferred: named.contains(&true), acceptable: named.contains(&false) }))
    }
}
