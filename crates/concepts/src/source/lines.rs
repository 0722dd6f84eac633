//! A file line by line.

use std::io::{BufRead, Read};

use super::unreadable;
use crate::Failure;
use crate::limits::MAX_LINE_BYTES;

/// The lines of a file, with their numbers.
pub struct Lines<'a> {
    reader: &'a mut dyn BufRead,
    file: &'a str,
    number: u64,
    bytes: Vec<u8>,
    text: String,
    /// Whether bytes that are no UTF-8 are Latin-1.
    latin: bool,
}

impl<'a> Lines<'a> {
    /// The lines of a file in UTF-8.
    pub fn new(reader: &'a mut dyn BufRead, file: &'a str) -> Self {
        Self { reader, file, number: 0, bytes: Vec::new(), text: String::new(), latin: false }
    }

    /// The lines of a file in which a line may also be in Latin-1.
    pub fn or_latin(reader: &'a mut dyn BufRead, file: &'a str) -> Self {
        Self { latin: true, ..Self::new(reader, file) }
    }

    /// The next line without its end; `None` at the end of the file.
    ///
    /// # Errors
    /// That the file cannot be read, or the line is too long or no UTF-8.
    pub fn next(&mut self) -> Result<Option<&str>, Failure> {
        self.bytes.clear();
        let mut limited = Read::take(&mut *self.reader, MAX_LINE_BYTES as u64 + 1);
        let count = limited.read_until(b'\n', &mut self.bytes).map_err(|error| unreadable(self.file, error))?;
        if count == 0 {
            return Ok(None);
        }
        self.number += 1;
        if count > MAX_LINE_BYTES {
            return Err(self.malformed(format!("a line has {MAX_LINE_BYTES} bytes at most")));
        }
        if self.number == 1 && self.bytes.starts_with("\u{feff}".as_bytes()) {
            self.bytes.drain(..3);
        }
        while self.bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            self.bytes.pop();
        }
        self.text.clear();
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => self.text.push_str(text),
            Err(_) if self.latin => self.text.extend(self.bytes.iter().map(|byte| char::from(*byte))),
            Err(_) => return Err(self.malformed("a line is UTF-8")),
        }
        Ok(Some(&self.text))
    }

    /// The line that [`Lines::next`] gave.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The name of the file.
    pub fn file(&self) -> &'a str {
        self.file
    }

    /// The failure of that line.
    pub fn malformed(&self, rule: impl Into<String>) -> Failure {
        Failure::malformed(self.file, self.number, rule)
    }
}
