//! Knows the line of what is being read, for parsers that do not.

use std::io::{self, BufRead, Read};

/// Counts line ends as they are consumed.
pub struct LineCounter<'a> {
    inner: &'a mut dyn BufRead,
    lines: u64,
}

impl<'a> LineCounter<'a> {
    /// A reader of the same bytes.
    pub fn new(inner: &'a mut dyn BufRead) -> Self {
        Self { inner, lines: 1 }
    }

    /// The line, from 1.
    pub fn lines(&self) -> u64 {
        self.lines
    }
}

fn line_ends(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

impl Read for LineCounter<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(bytes)?;
        self.lines += line_ends(&bytes[..count]);
        Ok(count)
    }
}

impl BufRead for LineCounter<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        // What is consumed has been filled before.
        if let Ok(bytes) = self.inner.fill_buf() {
            self.lines += line_ends(&bytes[..count.min(bytes.len())]);
        }
        self.inner.consume(count);
    }
}
