//! The JSON reader: RFC 8259 without leniency, bounded, and with each member's name at most once in its object.

use std::collections::HashSet;
use std::fmt;

use crate::definitions;
use crate::value::{Name, Object, Value};

/// What a document may be at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Nested arrays and objects.
    pub depth: usize,
    /// Values in the whole document: bounds memory, as `[0,0,0…` takes twelve times its text.
    pub values: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 128, values: 10_000_000 }
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
    let mut reader = Reader { text: checked, bytes: text, at: 0, depth_left: limits.depth, values_left: limits.values };
    reader.document().map_err(|(message, offset)| locate(text, offset, message.replace("{depth}", &limits.depth.to_string())))
}

/// Whether a text is a number of JSON.
pub(crate) fn is_number(text: &str) -> bool {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, depth_left: 0, values_left: 0 };
    matches!(reader.peek(), Some(b'-' | b'0'..=b'9')) && reader.number().is_ok() && reader.at == text.len()
}

type Failure = (String, usize);

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth_left: usize,
    values_left: usize,
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
        if self.values_left == 0 {
            return self.fail("the document has more values than the limit allows: split it");
        }
        self.values_left -= 1;
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
        if self.depth_left == 0 {
            return self.fail("objects and arrays are nested deeper than {depth} levels");
        }
        self.depth_left -= 1;
        self.at += 1;
        self.skip_space();
        let value = read(self)?;
        self.depth_left += 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<Value, Failure> {
        let mut object = Object::with_capacity(8);
        if self.eat(b'}') {
            return Ok(Value::Object(object));
        }
        // Objects have few members: a look along them is faster than a set, until they do not.
        let mut seen: Option<HashSet<Name>> = None;
        loop {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return self.fail("expected the name of a member, in double quotes");
            }
            let name = self.name()?;
            let duplicate = match &mut seen {
                Some(seen) => !seen.insert(name.clone()),
                None => object.get(&name).is_some(),
            };
            if duplicate {
                return Err((format!("the member \"{name}\" stands twice in this object: keep one"), start));
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

    fn name(&mut self) -> Result<Name, Failure> {
        let start = self.at + 1;
        let end = self.plain_run(start);
        if self.bytes.get(end) == Some(&b'"') {
            self.at = end + 1;
            let name = &self.text[start..end];
            return Ok(match definitions::known_name(name) {
                Some(known) => Name::from(known),
                None => Name::from(name.to_owned()),
            });
        }
        Ok(Name::from(String::from(self.string()?)))
    }

    /// Where the run of characters that stand for themselves ends, from `start`.
    fn plain_run(&self, start: usize) -> usize {
        let rest = &self.bytes[start..];
        let stop = rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20);
        start + stop.unwrap_or(rest.len())
    }

    fn string(&mut self) -> Result<Box<str>, Failure> {
        let start = self.at + 1;
        let mut end = self.plain_run(start);
        if self.bytes.get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(self.text[start..end].into());
        }
        let mut owned = String::from(&self.text[start..end]);
        loop {
            match self.bytes.get(end) {
                Some(b'"') => {
                    self.at = end + 1;
                    return Ok(owned.into());
                }
                Some(b'\\') => {
                    self.at = end + 1;
                    owned.push(self.escape()?);
                }
                Some(_) => {
                    self.at = end;
                    return self.fail("a control character in a string must be escaped, as \\n or \\u0007");
                }
                None => {
                    self.at = end;
                    return self.fail("the text ends inside a string: it may have been cut off");
                }
            }
            let run = self.at;
            end = self.plain_run(run);
            owned.push_str(&self.text[run..end]);
        }
    }

    fn escape(&mut self) -> Result<char, Failure> {
        let escaped = match self.peek() {
            Some(b'u') => {
                self.at += 1;
                return self.unicode_escape();
            }
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            _ => return self.fail("unknown escape in a string: JSON has \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u0000"),
        };
        self.at += 1;
        Ok(escaped)
    }

    fn unicode_escape(&mut self) -> Result<char, Failure> {
        let first = self.hex4()?;
        let code = match first {
            0xD800..=0xDBFF => {
                if !(self.eat(b'\\') && self.eat(b'u')) {
                    return self.fail("a high surrogate must be followed by a low one, as \\uD83D\\uDE00");
                }
                let second = self.hex4()?;
                if !(0xDC00..=0xDFFF).contains(&second) {
                    return self.fail("a high surrogate must be followed by a low one, as \\uD83D\\uDE00");
                }
                0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
            }
            other => other,
        };
        match char::from_u32(code) {
            Some(character) => Ok(character),
            None => self.fail("a low surrogate must follow a high one"),
        }
    }

    fn hex4(&mut self) -> Result<u32, Failure> {
        let digits = self.bytes.get(self.at..self.at + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let Some(digits) = digits else {
            return self.fail("\\u must be followed by four hexadecimal digits");
        };
        self.at += 4;
        Ok(digits.iter().fold(0, |code, &digit| code * 16 + (digit as char).to_digit(16).unwrap_or(0)))
    }

    fn number(&mut self) -> Result<Value, Failure> {
        let start = self.at;
        self.eat(b'-');
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return self.fail("a number needs a digit here"),
        }
        if self.eat(b'.') {
            self.some_digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.some_digits()?;
        }
        if matches!(self.peek(), Some(b'0'..=b'9')) {
            return self.fail("a number does not begin with 0 unless it is 0 or 0.…");
        }
        Ok(Value::Number(self.text[start..self.at].into()))
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    fn some_digits(&mut self) -> Result<(), Failure> {
        let start = self.at;
        self.digits();
        if self.at == start { self.fail("a number needs a digit here") } else { Ok(()) }
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
    let before = &text[..offset.min(text.len())];
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
    let line = 1 + memchr::memchr_iter(b'\n', before).count();
    SyntaxError { message, offset, line, column: 1 + before.len() - line_start }
}
