//! Numbers (RFC 8259, section 6), which are kept as they are written.

use super::{Failure, Limits, Reader};
use crate::value::Value;

/// Whether a text is a number of JSON.
pub(crate) fn is_number(text: &str) -> bool {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, limits: Limits::default(), depth: 0, values: 0 };
    matches!(reader.peek(), Some(b'-' | b'0'..=b'9')) && reader.number().is_ok() && reader.at == text.len()
}

impl Reader<'_> {
    /// The number that begins here.
    pub(super) fn number(&mut self) -> Result<Value, Failure> {
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
}
