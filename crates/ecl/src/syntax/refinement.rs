//! Refinements: `eclRefinement` and `eclAttributeSet` in the grammar.
//!
//! The grammar lets attributes that stand side by side be a set within the refinement: in `a = b, c = d OR { e = f }` the first two are one, and the
//! refinement is that set or the group. So a second connective may follow the first once, and binds less.

use super::Cursor;
use crate::error::Error;
use crate::tree::{Cardinality, Refinement};

#[derive(Clone, Copy, PartialEq)]
enum Connective {
    And,
    Or,
}

impl Connective {
    fn join(self, mut parts: Vec<Refinement>) -> Refinement {
        match (parts.len(), self) {
            (1, _) => parts.remove(0),
            (_, Self::And) => Refinement::All(parts),
            (_, Self::Or) => Refinement::Any(parts),
        }
    }
}

impl Cursor<'_> {
    pub(super) fn refinement(&mut self) -> Result<Refinement, Error> {
        let mut outer = None;
        let mut parts = vec![self.sub_refinement(None)?];
        while let Some((at, connective)) = self.refinement_connective()? {
            if *outer.get_or_insert(connective) != connective {
                return Err(self.error(at, "AND and OR bind equally: put parentheses around what belongs together"));
            }
            parts.push(self.sub_refinement(outer)?);
        }
        Ok(outer.unwrap_or(Connective::And).join(parts))
    }

    /// A group, a refinement in parentheses, or a run of attributes with one connective, which is not the outer one.
    fn sub_refinement(&mut self, outer: Option<Connective>) -> Result<Refinement, Error> {
        let first = self.refinement_part(true)?;
        if matches!(first, Refinement::Group(..)) {
            return Ok(first);
        }
        let (mut parts, mut inner) = (vec![first], None);
        loop {
            let start = self.at;
            match self.refinement_connective()? {
                Some((_, connective))
                    if Some(connective) != outer && *inner.get_or_insert(connective) == connective && !self.sees_group()? =>
                {
                    parts.push(self.refinement_part(true)?);
                }
                _ => {
                    self.at = start;
                    break;
                }
            }
        }
        Ok(inner.unwrap_or(Connective::And).join(parts))
    }

    /// The attributes in a group: one connective, and no groups.
    pub(super) fn attribute_set(&mut self) -> Result<Refinement, Error> {
        let (mut parts, mut known) = (vec![self.refinement_part(false)?], None);
        while let Some((at, connective)) = self.refinement_connective()? {
            if *known.get_or_insert(connective) != connective {
                return Err(self.error(at, "AND and OR bind equally: put parentheses around what belongs together"));
            }
            parts.push(self.refinement_part(false)?);
        }
        Ok(known.unwrap_or(Connective::And).join(parts))
    }

    fn refinement_part(&mut self, may_be_group: bool) -> Result<Refinement, Error> {
        if self.peek() == Some(b'(') && !self.parenthesis_is_name()? {
            return self.deeper(|cursor| {
                cursor.at += 1;
                cursor.blanks()?;
                let nested = if may_be_group { cursor.refinement()? } else { cursor.attribute_set()? };
                cursor.blanks()?;
                cursor.wants(")", "\")\"")?;
                Ok(nested)
            });
        }
        let has_cardinality = self.peek() == Some(b'[');
        let cardinality = if has_cardinality { self.cardinality()? } else { Cardinality::SOME };
        match self.peek() {
            Some(b'{') if may_be_group => self.group(cardinality),
            Some(b'{') => Err(self.error(self.at, "a group cannot stand in a group")),
            _ => {
                if may_be_group {
                    self.miss("\"{\"");
                }
                self.attribute(cardinality)
            }
        }
    }

    fn group(&mut self, cardinality: Cardinality) -> Result<Refinement, Error> {
        self.deeper(|cursor| {
            cursor.wants("{", "\"{\"")?;
            cursor.blanks()?;
            let set = cursor.attribute_set()?;
            cursor.blanks()?;
            cursor.wants("}", "\"}\"")?;
            Ok(Refinement::Group(cardinality, Box::new(set)))
        })
    }

    /// Whether a group is next, with its cardinality or without.
    fn sees_group(&mut self) -> Result<bool, Error> {
        let start = self.at;
        if self.peek() == Some(b'[') {
            self.cardinality()?;
        }
        let sees = self.peek() == Some(b'{');
        self.at = start;
        Ok(sees)
    }

    /// `,`, `AND` or `OR`, with the blanks around it, and where it stands; `None`, and the cursor behind the blanks, when there is none.
    fn refinement_connective(&mut self) -> Result<Option<(usize, Connective)>, Error> {
        self.blanks()?;
        let at = self.at;
        let connective = if self.takes(",", "\",\"") {
            Connective::And
        } else if let Some(connective) = self.one_of(&[("AND", Connective::And), ("OR", Connective::Or)]) {
            self.blank_after_word()?;
            connective
        } else {
            return Ok(None);
        };
        self.blanks()?;
        Ok(Some((at, connective)))
    }

    /// Whether the parenthesis that is next belongs to the name of an attribute: a comparison, or filters, follow where it is closed.
    fn parenthesis_is_name(&mut self) -> Result<bool, Error> {
        let start = self.at;
        let closed = self.skip_parentheses()?;
        self.blanks()?;
        let rest = self.rest();
        let is_name = closed && (rest.starts_with(['=', '!', '<', '>']) || rest.starts_with("{{") || self.sees_word("not"));
        self.at = start;
        Ok(is_name)
    }

    /// Goes behind the parenthesis that closes the one that is next; `false` when none does.
    fn skip_parentheses(&mut self) -> Result<bool, Error> {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'|' => self.at += self.rest()[1..].find('|').map_or(0, |end| end + 1),
                b'"' => self.at += closing_quote(&self.rest()[1..]),
                b'/' if self.rest().starts_with("/*") => {
                    self.blanks()?;
                    continue;
                }
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// How far the closing quotation mark is, and one more; 0 when there is none.
fn closing_quote(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    });
    end.map_or(0, |end| end + 1)
}
