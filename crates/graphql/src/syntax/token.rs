//! The tokens of a query.

use fhir::IssueCode;

use super::Position;
use crate::codes;
use crate::error::Error;

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// One of `! $ & ( ) : = @ [ ] { | }`.
    Mark(char),
    /// `...`.
    Spread,
    Name(String),
    Number(String),
    String(String),
    End,
}

/// Reads one token after the other.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    line: u32,
    column: u32,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1, column: 1 }
    }

    /// The next token, and where it begins.
    pub(super) fn next(&mut self) -> Result<(Token, Position), Error> {
        self.skip_ignored();
        let at = self.position();
        let Some(first) = self.rest.chars().next() else { return Ok((Token::End, at)) };
        let token = match first {
            '!' | '$' | '&' | '(' | ')' | ':' | '=' | '@' | '[' | ']' | '{' | '|' | '}' => {
                self.take(1);
                Token::Mark(first)
            }
            '.' if self.rest.starts_with("...") => {
                self.take(3);
                Token::Spread
            }
            '"' => Token::String(self.string(at)?),
            '-' | '0'..='9' => Token::Number(self.number(at)?),
            'a'..='z' | 'A'..='Z' | '_' => {
                let length = self.rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
                Token::Name(self.take(length).to_owned())
            }
            _ => return Err(self.wrong(at, "this character has no meaning in a query, outside of a string")),
        };
        Ok((token, at))
    }

    fn position(&self) -> Position {
        Position { line: self.line, column: self.column }
    }

    /// White space, commas and comments.
    fn skip_ignored(&mut self) {
        while let Some(first) = self.rest.chars().next() {
            match first {
                ' ' | '\t' | ',' | '\r' | '\n' | '\u{feff}' => {
                    self.take(first.len_utf8());
                }
                '#' => {
                    let length = self.rest.find(['\n', '\r']).unwrap_or(self.rest.len());
                    self.take(length);
                }
                _ => break,
            }
        }
    }

    /// Takes that many bytes, which end where a character ends.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        for letter in taken.chars() {
            if letter == '\n' {
                (self.line, self.column) = (self.line.saturating_add(1), 1);
            } else {
                self.column = self.column.saturating_add(1);
            }
        }
        taken
    }

    fn number(&mut self, at: Position) -> Result<String, Error> {
        let in_number = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_');
        let length = self.rest.bytes().take_while(|byte| in_number(byte)).count();
        let text = self.take(length);
        if fhir::json::parse(text.as_bytes()).is_ok_and(|value| value.as_number().is_some()) {
            return Ok(text.to_owned());
        }
        Err(self.wrong(at, "this is no number: a value that is not, such as a date or a code, stands in quotes"))
    }

    fn string(&mut self, at: Position) -> Result<String, Error> {
        if self.rest.starts_with("\"\"\"") {
            return self.block_string(at);
        }
        self.take(1);
        let mut text = String::new();
        loop {
            match self.rest.chars().next() {
                Some('"') => {
                    self.take(1);
                    return Ok(text);
                }
                Some('\\') => {
                    self.take(1);
                    text.push(self.escape(at)?);
                }
                None | Some('\n' | '\r') => return Err(self.wrong(at, "this string has no end: it ends with a quote, on the same line")),
                Some(letter) => {
                    self.take(letter.len_utf8());
                    text.push(letter);
                }
            }
        }
    }

    fn escape(&mut self, at: Position) -> Result<char, Error> {
        let letter = self.rest.chars().next().unwrap_or('\n');
        self.take(letter.len_utf8());
        Ok(match letter {
            '"' | '\\' | '/' => letter,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode(at),
            _ => return Err(self.wrong(at, "this string has an escape that GraphQL does not know")),
        })
    }

    fn unicode(&mut self, at: Position) -> Result<char, Error> {
        let wrong = |tokens: &Self| tokens.wrong(at, "this string has a \\u that stands for no character");
        if self.rest.starts_with('{') {
            let length = self.rest.find('}').ok_or_else(|| wrong(self))?;
            let digits = self.take(length + 1);
            let code = u32::from_str_radix(digits.get(1..length).unwrap_or_default(), 16).ok();
            return code.and_then(char::from_u32).ok_or_else(|| wrong(self));
        }
        let first = self.four_digits().ok_or_else(|| wrong(self))?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first).ok_or_else(|| wrong(self));
        }
        let second = if self.rest.starts_with("\\u") {
            self.take(2);
            self.four_digits().filter(|second| (0xDC00..0xE000).contains(second))
        } else {
            None
        };
        let second = second.ok_or_else(|| wrong(self))?;
        char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)).ok_or_else(|| wrong(self))
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.rest.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        self.take(4);
        u32::from_str_radix(digits, 16).ok()
    }

    fn block_string(&mut self, at: Position) -> Result<String, Error> {
        self.take(3);
        let mut raw = String::new();
        loop {
            let end = self.rest.find("\"\"\"").ok_or_else(|| self.wrong(at, "this block of text has no end: it ends with three quotes"))?;
            let part = self.take(end);
            self.take(3);
            match part.strip_suffix('\\') {
                Some(part) => raw.extend([part, "\"\"\""]),
                None => {
                    raw.push_str(part);
                    return Ok(unindented(&raw));
                }
            }
        }
    }

    pub(super) fn wrong(&self, at: Position, message: impl Into<String>) -> Error {
        Error::new(codes::SYNTAX, IssueCode::Structure, at, message)
    }
}

/// A block of text without the indentation that its lines have in common, and without empty lines around it.
fn unindented(raw: &str) -> String {
    let lines: Vec<&str> = raw.lines().collect();
    let blank = |line: &&str| line.trim_matches([' ', '\t']).is_empty();
    let indent = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let common = lines.iter().skip(1).filter(|line| !blank(line)).map(indent).min().unwrap_or(0);
    let cut =
        |(index, line): (usize, &&str)| if index == 0 { (*line).to_owned() } else { line.get(common..).unwrap_or_default().to_owned() };
    let first = lines.iter().position(|line| !blank(line)).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !blank(line)).map_or(first, |index| index + 1);
    let cut: Vec<String> = lines.iter().enumerate().map(cut).collect();
    cut.get(first..last).unwrap_or_default().join("\n")
}
