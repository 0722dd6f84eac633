//! Strings and their escapes (RFC 8259, section 7).

use super::{Failure, Reader};
use crate::json::plain_run;

impl Reader<'_> {
    /// The string that begins here, unescaped.
    pub(super) fn string(&mut self) -> Result<Box<str>, Failure> {
        let start = self.at + 1;
        let mut end = plain_run(self.bytes, start);
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
            end = plain_run(self.bytes, run);
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
}
