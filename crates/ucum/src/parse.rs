//! UCUM's grammar (<https://ucum.org/ucum#section-Grammar-of-Units-and-Unit-Terms>).
//!
//! Beyond it, annotations may have spaces and may stand behind a parenthesis: they mean nothing, and HL7's list of common units has such.

use crate::error::{Error, Problem};
use crate::table::{self, Atom};
use crate::unit::{Operator, Part, Term};
use crate::{MAX_BYTES, MAX_DEPTH, MAX_EXPONENT, suggestion};

/// Reads a whole code.
pub(crate) fn term(code: &str) -> Result<Term, Error> {
    let mut parser = Parser { code, at: 0, depth: 0 };
    if code.is_empty() {
        return Err(parser.error(Problem::Empty));
    }
    if code.len() > MAX_BYTES {
        return Err(parser.error(Problem::TooLong));
    }
    let mut is_annotation = false;
    let is_odd = |(_, character): &(usize, char)| {
        is_annotation = (is_annotation || *character == '{') && *character != '}';
        !(character.is_ascii_graphic() || (is_annotation && *character == ' '))
    };
    if let Some((at, character)) = code.char_indices().find(is_odd) {
        return Err(Error::new(Problem::Character(character), at, code));
    }
    let term = parser.term()?;
    match parser.peek() {
        None => Ok(term),
        Some(_) => Err(parser.error(Problem::Expected("\".\" or \"/\" or the end"))),
    }
}

struct Parser<'a> {
    code: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn error(&self, problem: Problem) -> Error {
        Error::new(problem, self.at, self.code)
    }

    fn rest(&self) -> &'a str {
        &self.code[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.code.as_bytes().get(self.at).copied()
    }

    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn digits(&mut self) -> &'a str {
        let rest = self.rest();
        let digits = &rest[..rest.bytes().take_while(u8::is_ascii_digit).count()];
        self.at += digits.len();
        digits
    }

    /// Parts with operators between them; one may stand before the first, if it is a slash.
    fn term(&mut self) -> Result<Term, Error> {
        let mut operator = if self.takes(b'/') { Operator::Over } else { Operator::Times };
        let mut parts = Vec::new();
        loop {
            parts.push((operator, self.part()?));
            operator = match self.peek() {
                Some(b'.') => Operator::Times,
                Some(b'/') => Operator::Over,
                _ => return Ok(Term { parts }),
            };
            self.at += 1;
        }
    }

    fn part(&mut self) -> Result<Part, Error> {
        match self.peek() {
            Some(b'(') => self.group(),
            Some(b'{') => Ok(Part::Annotation(self.annotation()?.into())),
            Some(b'0'..=b'9') if !self.rest().starts_with("10*") && !self.rest().starts_with("10^") => self.number(),
            Some(byte) if !is_delimiter(byte) => self.symbol(),
            _ => Err(self.error(Problem::Expected("a unit, a number or \"(\""))),
        }
    }

    fn group(&mut self) -> Result<Part, Error> {
        if self.depth == MAX_DEPTH {
            return Err(self.error(Problem::TooDeep));
        }
        let open = self.at;
        self.at += 1;
        self.depth += 1;
        let term = self.term()?;
        self.depth -= 1;
        match self.peek() {
            Some(b')') => self.at += 1,
            None => return Err(Error::new(Problem::Unclosed(')'), open, self.code)),
            Some(_) => return Err(self.error(Problem::Expected("\".\" or \"/\" or \")\""))),
        }
        if self.peek() == Some(b'{') {
            self.annotation()?;
        }
        Ok(Part::Group(term))
    }

    /// The text between braces.
    fn annotation(&mut self) -> Result<&'a str, Error> {
        let end = self.rest().find('}').ok_or_else(|| self.error(Problem::Unclosed('}')))?;
        let text = &self.rest()[1..end];
        if text.contains('{') {
            return Err(self.error(Problem::Unclosed('}')));
        }
        self.at += end + 1;
        Ok(text)
    }

    fn number(&mut self) -> Result<Part, Error> {
        let start = self.at;
        let digits = self.digits();
        match self.peek() {
            Some(b'{') => drop(self.annotation()?),
            Some(byte) if !is_delimiter(byte) => {
                self.at = start;
                return Err(self.error(Problem::NumberBeforeUnit(digits.into())));
            }
            _ => {}
        }
        Ok(Part::Number(digits.into()))
    }

    fn symbol(&mut self) -> Result<Part, Error> {
        let start = self.at;
        let symbol = self.symbol_text()?;
        let end = self.at;
        self.at = start;
        let (prefix, atom) = resolve(symbol).map_err(|problem| self.error(problem))?;
        self.at = end;
        let exponent = self.exponent()?;
        if self.peek() == Some(b'{') {
            self.annotation()?;
        }
        Ok(Part::Symbol { prefix, atom: atom.index, exponent })
    }

    /// What can be a prefix and an atom: up to an exponent or a delimiter, which between square brackets are no such.
    fn symbol_text(&mut self) -> Result<&'a str, Error> {
        let start = self.at;
        self.at += if self.rest().starts_with("10") { 3 } else { 0 };
        while let Some(byte) = self.peek().filter(|byte| !is_delimiter(*byte) && !byte.is_ascii_digit() && !b"+-".contains(byte)) {
            self.at += match byte {
                b'[' => self.rest().find(']').ok_or_else(|| self.error(Problem::Unclosed(']')))? + 1,
                _ => 1,
            };
        }
        match self.at == start {
            true => Err(self.error(Problem::Expected("a unit, a number or \"(\""))),
            false => Ok(&self.code[start..self.at]),
        }
    }

    fn exponent(&mut self) -> Result<i32, Error> {
        let start = self.at;
        let is_signed = self.takes(b'-') || self.takes(b'+');
        let digits = self.digits();
        if digits.is_empty() {
            return if is_signed { Err(self.error(Problem::Expected("a digit"))) } else { Ok(1) };
        }
        let exponent = self.code[start..self.at].parse().ok().filter(|exponent: &i32| exponent.abs() <= MAX_EXPONENT);
        exponent.ok_or_else(|| Error::new(Problem::TooLarge, start, self.code))
    }
}

/// What ends a number, a symbol or an exponent.
fn is_delimiter(byte: u8) -> bool {
    b"./(){}".contains(&byte)
}

/// The atom that a symbol is, or the prefix and the metric atom that it is made of.
pub(crate) fn resolve(symbol: &str) -> Result<(Option<u16>, &'static Atom), Problem> {
    if let Some(atom) = table::find(symbol) {
        return Ok((None, atom));
    }
    let mut refused = None;
    for (index, prefix) in (0..).zip(table::prefixes()) {
        match symbol.strip_prefix(prefix.code).and_then(table::find) {
            Some(atom) if atom.is_metric => return Ok((Some(index), atom)),
            Some(atom) => refused = Some(atom),
            None => {}
        }
    }
    Err(match refused {
        Some(atom) => Problem::NotMetric(atom.code.into()),
        None => Problem::UnknownUnit(symbol.into(), suggestion::instead_of(symbol).map(Into::into)),
    })
}
