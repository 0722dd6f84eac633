//! Sets of concepts: `subExpressionConstraint` in the grammar.

use super::Cursor;
use crate::error::Error;
use crate::tree::{At, Focus, MemberOf, Operand, Operator};

impl Cursor<'_> {
    pub(crate) fn operand(&mut self) -> Result<Operand, Error> {
        let at = At(self.at);
        let operator = self.operator()?;
        let member_of = self.member_of()?;
        let focus = self.focus()?;
        let mut operand = Operand { operator, member_of, focus, members: Vec::new(), filters: Vec::new(), history: None, at };
        self.filters(&mut operand)?;
        Ok(operand)
    }

    fn operator(&mut self) -> Result<Option<Operator>, Error> {
        let operator = match self.signs() {
            Some(signs) => Operator::ALL.iter().find(|(_, brief, _)| *brief == signs),
            None => Operator::ALL.iter().find(|(.., word)| self.takes_long(word)),
        };
        match operator {
            Some(_) => self.blanks()?,
            None => self.miss("an operator such as \"<<\""),
        }
        Ok(operator.map(|(operator, ..)| *operator))
    }

    /// The signs of an operator that is next, taken, without the blanks between them.
    fn signs(&mut self) -> Option<String> {
        if self.rest().starts_with("!!>") || self.rest().starts_with("!!<") {
            self.at += 3;
            return Some(self.text[self.at - 3..self.at].to_owned());
        }
        let sign = if self.rest().starts_with('<') { "<" } else { ">" };
        if !self.rest().starts_with(sign) {
            return None;
        }
        let mut signs = sign.to_owned();
        self.at += 1;
        let doubled = self.attempt(|cursor| {
            cursor.blanks()?;
            cursor.wants(sign, "an operator")
        });
        signs.extend(doubled.map(|()| sign));
        if self.rest().starts_with('!') && !self.rest().starts_with("!!") {
            self.at += 1;
            signs.push('!');
        }
        Some(signs)
    }

    fn member_of(&mut self) -> Result<Option<MemberOf>, Error> {
        if !self.takes("^", "\"^\"") && !self.takes_long("memberOf") {
            return Ok(None);
        }
        self.blanks()?;
        if !self.takes("[", "\"[\"") {
            return Ok(Some(MemberOf::Referenced));
        }
        self.blanks()?;
        let fields = if self.takes("*", "\"*\"") || self.takes_long("any") {
            MemberOf::AllFields
        } else {
            let mut names = vec![self.field_name()?];
            self.blanks()?;
            while self.takes(",", "\",\"") {
                self.blanks()?;
                names.push(self.field_name()?);
                self.blanks()?;
            }
            MemberOf::Fields(names)
        };
        self.blanks()?;
        self.wants("]", "\"]\"")?;
        self.blanks()?;
        Ok(Some(fields))
    }

    pub(super) fn field_name(&mut self) -> Result<Box<str>, Error> {
        match self.letters() {
            "" => Err(self.unexpected("the name of a field")),
            name => {
                self.at += name.len();
                Ok(name.into())
            }
        }
    }

    fn focus(&mut self) -> Result<Focus, Error> {
        match self.peek() {
            Some(b'(') => self.deeper(|cursor| {
                cursor.at += 1;
                cursor.blanks()?;
                let nested = cursor.constraint()?;
                cursor.blanks()?;
                cursor.wants(")", "\")\"")?;
                Ok(Focus::Nested(Box::new(nested)))
            }),
            Some(b'*') => {
                self.at += 1;
                Ok(Focus::Any)
            }
            Some(b'0'..=b'9') => Ok(Focus::Concept(self.concept_reference()?)),
            Some(_) if self.takes_long("any") => Ok(Focus::Any),
            Some(_) if self.sees_alternate() => Ok(Focus::Alternate(self.alternate()?)),
            _ => {
                self.miss("\"*\"");
                self.miss("\"(\"");
                Err(self.unexpected("the identifier of a concept"))
            }
        }
    }
}
