//! The tokens of an expression.

use crate::error::{Error, Result};

/// One token, with the byte at which it starts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind<'t>,
    pub(super) at: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind<'t> {
    /// `name`, also the words that the grammar uses (`and`, `is`, …).
    Word(&'t str),
    /// `` `name` ``, without its quotes and escapes resolved.
    Quoted(String),
    /// `'text'`, escapes resolved.
    String(String),
    /// `12` or `1.5`.
    Number(&'t str),
    /// `5L`, without the `L`.
    Long(&'t str),
    /// `@2024-02-29T10:00`, without the `@`.
    Temporal(&'t str),
    /// `$this`, without the `$`.
    Dollar(&'t str),
    /// An operator or bracket.
    Symbol(&'static str),
    /// After the last token.
    End,
}

/// The symbols, longer ones before their beginnings.
const SYMBOLS: [&str; 24] =
    ["<=", ">=", "!=", "!~", "(", ")", "[", "]", "{", "}", ".", ",", "+", "-", "*", "/", "&", "|", "<", ">", "=", "~", "%", ":"];

/// All tokens of `text`, an `End` after them.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_space()?;
        let at = lexer.at as u32;
        let kind = lexer.next()?;
        let is_end = kind == TokenKind::End;
        tokens.push(Token { kind, at });
        if is_end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn fail<T>(&self, message: &str) -> Result<T> {
        Err(Error::syntax(self.at as u32, message))
    }

    /// Skips white space and comments.
    fn skip_space(&mut self) -> Result<()> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
            self.at += rest.len() - trimmed.len();
            if trimmed.starts_with("//") {
                self.at += trimmed.find(['\n', '\r']).unwrap_or(trimmed.len());
            } else if let Some(comment) = trimmed.strip_prefix("/*") {
                match comment.find("*/") {
                    Some(end) => self.at += end + 4,
                    None => return self.fail("a comment that begins with /* must end with */"),
                }
            } else {
                return Ok(());
            }
        }
    }

    fn next(&mut self) -> Result<TokenKind<'t>> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(TokenKind::End) };
        match first {
            'A'..='Z' | 'a'..='z' | '_' => Ok(TokenKind::Word(self.take_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))),
            '0'..='9' => Ok(self.number()),
            '\'' => Ok(TokenKind::String(self.quoted('\'')?)),
            '`' => Ok(TokenKind::Quoted(self.quoted('`')?)),
            '@' => {
                self.at += 1;
                Ok(TokenKind::Temporal(self.temporal()))
            }
            '$' => {
                self.at += 1;
                Ok(TokenKind::Dollar(self.take_while(|byte| byte.is_ascii_alphabetic())))
            }
            _ => match SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
                Some(symbol) => {
                    self.at += symbol.len();
                    Ok(TokenKind::Symbol(symbol))
                }
                None => self.fail(&format!("{first:?} is no part of FHIRPath here")),
            },
        }
    }

    fn take_while(&mut self, accept: fn(u8) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.bytes().position(|byte| !accept(byte)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn number(&mut self) -> TokenKind<'t> {
        let start = self.at;
        self.take_while(|byte| byte.is_ascii_digit());
        let mut after = self.rest().bytes();
        match (after.next(), after.next()) {
            // `1.5`, but not the call in `1.toString()`.
            (Some(b'.'), Some(digit)) if digit.is_ascii_digit() => {
                self.at += 1;
                self.take_while(|byte| byte.is_ascii_digit());
            }
            (Some(b'L'), next) if !next.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => {
                self.at += 1;
                return TokenKind::Long(&self.text[start..self.at - 1]);
            }
            _ => {}
        }
        TokenKind::Number(&self.text[start..self.at])
    }

    /// The characters of a date or time: a `.` belongs to it only between digits of a time's seconds, a `+` or `-` only where a zone
    /// or the next part of the date may begin.
    fn temporal(&mut self) -> &'t str {
        let rest = self.rest().as_bytes();
        let mut end = 0;
        let mut in_time = false;
        while let Some(&byte) = rest.get(end) {
            let next_is_digit = rest.get(end + 1).is_some_and(u8::is_ascii_digit);
            let accepted = match byte {
                b'0'..=b'9' => true,
                b'T' => !std::mem::replace(&mut in_time, true),
                b'-' => next_is_digit,
                b':' | b'.' | b'+' => in_time && next_is_digit,
                b'Z' => in_time,
                _ => false,
            };
            if !accepted {
                break;
            }
            end += 1;
        }
        let text = &self.rest()[..end];
        self.at += end;
        text
    }

    /// The text between two `quote`s, with the escapes of <http://hl7.org/fhirpath/N1/#string> resolved.
    fn quoted(&mut self, quote: char) -> Result<String> {
        let start = self.at;
        let mut text = String::new();
        let mut characters = self.rest()[1..].char_indices();
        while let Some((offset, character)) = characters.next() {
            if character == quote {
                self.at = start + 1 + offset + 1;
                return Ok(text);
            }
            if character != '\\' {
                text.push(character);
                continue;
            }
            match characters.next() {
                Some((_, 'u')) => match utf16_unit(characters.as_str()) {
                    Some(unit) => {
                        characters.nth(3);
                        text.push(self.unicode(unit, &mut characters, start + 1 + offset)?);
                    }
                    None => text.push('u'),
                },
                // Before any other character a backslash says nothing.
                Some((_, escaped)) => text.push(simple_escape(escaped).unwrap_or(escaped)),
                None => break,
            }
        }
        self.fail(&format!("the text that begins here has no closing {quote}"))
    }

    /// The character of a UTF-16 unit, and of the one after it when the first is a high surrogate.
    fn unicode(&mut self, first: u16, characters: &mut std::str::CharIndices<'_>, at: usize) -> Result<char> {
        let mut units = vec![first];
        if (0xD800..0xDC00).contains(&first)
            && let Some(low) = characters.as_str().strip_prefix("\\u").and_then(utf16_unit)
        {
            characters.nth(5);
            units.push(low);
        }
        match char::decode_utf16(units).next() {
            Some(Ok(character)) => Ok(character),
            _ => {
                self.at = at;
                self.fail("a high surrogate must be followed by a low one, as \\uD83D\\uDE00")
            }
        }
    }
}

/// The unit that the four hexadecimal digits at the beginning of a text are.
fn utf16_unit(text: &str) -> Option<u16> {
    let digits = text.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u16::from_str_radix(digits, 16).ok()
}

fn simple_escape(escaped: char) -> Option<char> {
    Some(match escaped {
        '\'' | '"' | '`' | '\\' | '/' => escaped,
        'r' => '\r',
        'n' => '\n',
        't' => '\t',
        'f' => '\u{c}',
        _ => return None,
    })
}
