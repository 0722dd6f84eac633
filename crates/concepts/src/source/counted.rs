//! Knows how much of a file has been read, for whoever wants to know how long the rest will take.

use std::cell::Cell;
use std::io::{self, Read};

/// How far the reading of a file is.
#[derive(Debug, Default)]
pub struct Position {
    read: Cell<u64>,
    length: Cell<u64>,
}

impl Position {
    /// How much has been read, from 0 to 1.
    pub fn share(&self) -> f64 {
        // An archive may say less than comes out of it.
        (self.read.get() as f64 / self.length.get().max(1) as f64).min(1.0)
    }
}

/// Reads, and tells how far it is.
pub struct Counted<'a, R> {
    inner: R,
    position: &'a Position,
}

impl<'a, R: Read> Counted<'a, R> {
    /// Reads a file of this length from its beginning.
    pub fn new(inner: R, length: u64, position: &'a Position) -> Self {
        position.read.set(0);
        position.length.set(length);
        Self { inner, position }
    }
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(bytes)?;
        self.position.read.set(self.position.read.get() + count as u64);
        Ok(count)
    }
}
