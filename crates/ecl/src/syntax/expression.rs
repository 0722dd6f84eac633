//! Whole constraints: `expressionConstraint` in the grammar.

use super::Cursor;
use crate::error::Error;
use crate::tree::{Constraint, Operand};

#[derive(Clone, Copy, PartialEq)]
enum Connective {
    And,
    Or,
    Minus,
}

impl Cursor<'_> {
    pub(crate) fn constraint(&mut self) -> Result<Constraint, Error> {
        let first = self.operand()?;
        self.blanks()?;
        if self.takes(":", "\":\"") {
            self.blanks()?;
            return Ok(Constraint::Refined(Box::new(first), self.refinement()?));
        }
        if self.peek() == Some(b'.') {
            return self.dotted(first);
        }
        self.miss("\".\"");
        match self.connective()? {
            None => Ok(Constraint::Simple(Box::new(first))),
            Some(connective) => self.compound(first, connective),
        }
    }

    fn dotted(&mut self, first: Operand) -> Result<Constraint, Error> {
        let mut attributes = Vec::new();
        while self.takes(".", "\".\"") {
            self.blanks()?;
            attributes.push(self.operand()?);
            self.blanks()?;
        }
        Ok(Constraint::Dotted(Box::new(first), attributes))
    }

    /// `AND`, `OR`, `MINUS` with a blank behind, or a comma, which is `AND`; `None` when none of them is next.
    fn connective(&mut self) -> Result<Option<Connective>, Error> {
        if self.takes(",", "\",\"") {
            return Ok(Some(Connective::And));
        }
        let word = self.one_of(&[("AND", Connective::And), ("OR", Connective::Or), ("MINUS", Connective::Minus)]);
        if word.is_some() {
            self.blank_after_word()?;
        }
        Ok(word)
    }

    pub(super) fn blank_after_word(&mut self) -> Result<(), Error> {
        let start = self.at;
        self.blanks()?;
        if start == self.at { Err(self.unexpected("a blank")) } else { Ok(()) }
    }

    fn compound(&mut self, first: Operand, connective: Connective) -> Result<Constraint, Error> {
        let mut operands = vec![first];
        loop {
            self.blanks()?;
            operands.push(self.operand()?);
            self.blanks()?;
            let at = self.at;
            match self.connective()? {
                None => break,
                Some(next) if next == connective && connective != Connective::Minus => {}
                Some(_) => {
                    let message = "AND, OR and MINUS bind equally: put parentheses around what belongs together";
                    return Err(self.error(at, message));
                }
            }
        }
        Ok(match connective {
            Connective::And => Constraint::And(operands),
            Connective::Or => Constraint::Or(operands),
            Connective::Minus => {
                let excluded = operands.pop().map(Box::new);
                let from = operands.pop().map(Box::new);
                let (Some(from), Some(excluded)) = (from, excluded) else { return Err(self.unexpected("a set of concepts")) };
                Constraint::Minus(from, excluded)
            }
        })
    }
}
