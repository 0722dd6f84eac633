//! Concepts by their identifiers.

use super::Cursor;
use crate::error::Error;
use crate::sctid;
use crate::tree::{Alternate, At, ConceptReference};

impl Cursor<'_> {
    /// An identifier, with a term between bars or without.
    pub(crate) fn concept_reference(&mut self) -> Result<ConceptReference, Error> {
        let at = At(self.at);
        let id = self.sctid()?;
        Ok(ConceptReference { id, term: self.term()?, at })
    }

    pub(crate) fn sctid(&mut self) -> Result<u64, Error> {
        let start = self.at;
        let digits = self.digits();
        if digits.is_empty() {
            return Err(self.unexpected("an identifier of SNOMED CT"));
        }
        let shortest_to_longest = sctid::DIGITS;
        let id = digits.parse().ok().filter(|_| shortest_to_longest.contains(&digits.len()) && !digits.starts_with('0'));
        id.ok_or_else(|| self.error(start, "identifiers of SNOMED CT have 6 to 18 digits, the first of which is not 0"))
    }

    /// `|Clinical finding|`, with blanks before it; `None`, and the cursor where it was, when there is none.
    fn term(&mut self) -> Result<Option<Box<str>>, Error> {
        let start = self.at;
        self.blanks()?;
        if !self.takes("|", "\"|\"") {
            self.at = start;
            return Ok(None);
        }
        let end = self.rest().find('|').ok_or_else(|| self.error(self.at - 1, "this term is not closed by \"|\""))?;
        let term = self.rest()[..end].trim_matches([' ', '\t', '\r', '\n']);
        if term.is_empty() {
            return Err(self.unexpected("a term"));
        }
        if let Some(place) = term.find(|character: char| character.is_ascii_control()) {
            let start = self.at + self.rest()[..end].find(term).unwrap_or(0);
            return Err(self.error(start + place, "a term has no line breaks or tabs"));
        }
        self.at += end + 1;
        Ok(Some(term.into()))
    }

    /// Whether an alias, a hash and a code are next, in quotes or without.
    pub(crate) fn sees_alternate(&mut self) -> bool {
        let text = self.rest().strip_prefix('"').unwrap_or(self.rest());
        let alias = alias(text);
        let is_next = !alias.is_empty() && text[alias.len()..].starts_with('#');
        if !is_next {
            self.miss("an identifier such as LOINC#54486-6");
        }
        is_next
    }

    pub(crate) fn alternate(&mut self) -> Result<Alternate, Error> {
        let start = self.at;
        let is_quoted = self.takes("\"", "a quotation mark");
        let scheme = self.alias()?;
        self.wants("#", "\"#\"")?;
        let rest = self.rest();
        let code = match is_quoted {
            true => {
                let end = rest.find(['"', '\\']).filter(|end| rest[*end..].starts_with('"'));
                &rest[..end.ok_or_else(|| self.error(start, "this identifier is not closed by a quotation mark"))?]
            }
            false => &rest[..rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(byte)).count()],
        };
        if code.is_empty() {
            return Err(self.unexpected("a code"));
        }
        self.at += code.len() + usize::from(is_quoted);
        Ok(Alternate { scheme, code: code.into(), term: self.term()? })
    }

    /// A name such as `en-gb`.
    pub(super) fn alias(&mut self) -> Result<Box<str>, Error> {
        match alias(self.rest()) {
            "" => Err(self.unexpected("an alias")),
            alias => {
                self.at += alias.len();
                Ok(alias.into())
            }
        }
    }
}

/// A letter, and the letters, digits and dashes that follow it.
fn alias(text: &str) -> &str {
    let length = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) { &text[..length] } else { "" }
}
