//! The JSON reader: RFC 8259 without leniency, bounded, and with each member's name at most once in its object.

mod number;
mod string;

use std::collections::HashSet;
use std::fmt;

use super::plain_run;
use crate::definitions;
use crate::position::line_and_column;
use crate::value::{Name, Object, Value};

pub(crate) use number::is_number;

/// What a document may be at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Nested arrays and objects.
    pub depth: usize,
    /// Values in the whole document: bounds memory, as `[0,0,0…` takes twelve times its text and small objects thirty times. Resources
    /// have a value in 23 bytes or more, so that the usual limit is met by none below 64 MiB.
    pub values: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 128, values: 3_000_000 }
    }
}

/// Why a text is not the JSON that FHIR asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong and what would be right.
    pub message: String,
    /// Where, in bytes from the start.
    pub offset: usize,
    /// Where, as a line counted from 1.
    pub line: usize,
    /// Where, as a column in bytes counted from 1.
    pub column: usize,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (line {}, column {})", self.message, self.line, self.column)
    }
}

impl std::error::Error for SyntaxError {}

/// Reads a document with the usual [`Limits`].
pub fn parse(text: &[u8]) -> Result<Value, SyntaxError> {
    parse_with(text, Limits::default())
}

/// Reads a document: one JSON value, UTF-8, with nothing but white space around it.
pub fn parse_with(text: &[u8], limits: Limits) -> Result<Value, SyntaxError> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let checked = match simdutf8::compat::from_utf8(text) {
        Ok(checked) => checked,
        Err(error) => return Err(locate(text, error.valid_up_to(), "the text is not UTF-8 here".into())),
    };
    let mut reader = Reader { text: checked, bytes: text, at: 0, limits, depth: 0, values: 0 };
    reader.document().map_err(|(message, offset)| locate(text, offset, message))
}

type Failure = (String, usize);

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    limits: Limits,
    depth: usize,
    values: usize,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Value, Failure> {
        self.skip_space();
        let value = self.value()?;
        self.skip_space();
        if self.at < self.bytes.len() {
            return self.fail("there is more text after the end of the JSON document");
        }
        Ok(value)
    }

    fn value(&mut self) -> Result<Value, Failure> {
        if self.values == self.limits.values {
            return self.fail("the document has more values than the limit allows: split it");
        }
        self.values += 1;
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(_) => self.fail("expected a JSON value: an object, an array, a string, a number, true, false or null"),
            None => self.fail("the text ends where a JSON value was expected: it may have been cut off"),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, Failure>) -> Result<Value, Failure> {
        if self.depth == self.limits.depth {
            return self.fail(&format!("objects and arrays are nested deeper than {} levels", self.depth));
        }
        self.depth += 1;
        self.at += 1;
        self.skip_space();
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<Value, Failure> {
        if self.eat(b'}') {
            return Ok(Value::Object(Object::default()));
        }
        let mut object = Object::with_capacity(4);
        // Objects have few members: a look along them is faster than a set, until they do not.
        let mut seen: Option<HashSet<Name>> = None;
        loop {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return self.fail("expected the name of a member, in double quotes");
            }
            let (name, is_known) = self.name()?;
            let duplicate = match &mut seen {
                Some(seen) => !seen.insert(name.clone()),
                // Of a known name there is one text only, so its address tells it from all others.
                None if is_known => object.iter().any(|(other, _)| std::ptr::eq(other.as_ptr(), name.as_ptr())),
                None => object.get(&name).is_some(),
            };
            if duplicate {
                // A name that is not FHIR's could hold anything, and is not repeated.
                let name = if is_known { format!("\"{name}\"") } else { "of this name".to_owned() };
                return Err((format!("the member {name} stands twice in this object: keep one"), start));
            }
            self.skip_space();
            if !self.eat(b':') {
                return self.fail("expected ':' after the name of a member");
            }
            self.skip_space();
            let value = self.value()?;
            object.push(name, value);
            if object.len() == 32 {
                seen = Some(object.iter().map(|(name, _)| name.clone()).collect());
            }
            self.skip_space();
            if self.eat(b'}') {
                return Ok(Value::Object(object));
            }
            if !self.eat(b',') {
                return self.fail("expected ',' or '}' after a member");
            }
            self.skip_space();
        }
    }

    fn array(&mut self) -> Result<Value, Failure> {
        let mut items = Vec::new();
        if self.eat(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value()?);
            self.skip_space();
            if self.eat(b']') {
                return Ok(Value::Array(items));
            }
            if !self.eat(b',') {
                return self.fail("expected ',' or ']' after an item");
            }
            self.skip_space();
        }
    }

    /// The name of a member, and whether FHIR has it.
    fn name(&mut self) -> Result<(Name, bool), Failure> {
        let start = self.at + 1;
        let end = plain_run(self.bytes, start);
        if self.bytes.get(end) == Some(&b'"') {
            let name = &self.text[start..end];
            if let Some(known) = definitions::known_name(name) {
                self.at = end + 1;
                return Ok((Name::from(known), true));
            }
        }
        let name = String::from(self.string()?);
        Ok(match definitions::known_name(&name) {
            Some(known) => (Name::from(known), true),
            None => (Name::from(name), false),
        })
    }

    fn word(&mut self, word: &'static str, value: Value) -> Result<Value, Failure> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(value);
        }
        self.fail(&format!("expected {word}"))
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn fail<T>(&self, message: &str) -> Result<T, Failure> {
        Err((message.to_owned(), self.at))
    }
}

fn locate(text: &[u8], offset: usize, message: String) -> SyntaxError {
    let (line, column) = line_and_column(text, offset);
    SyntaxError { message, offset, line, column }
}
