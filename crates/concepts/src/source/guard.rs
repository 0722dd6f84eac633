//! Stops what unpacks to far more than it is.

use std::io::{self, Read};

use crate::limits::{MAX_UNPACKED_BYTES, MAX_UNPACKED_RATIO, PACKED_GRACE_BYTES};

/// Reads, and counts what comes out.
pub struct Guard<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Guard<R> {
    /// A guard over what comes out of a file that has `packed` bytes.
    pub fn new(inner: R, packed: u64) -> Self {
        Self { inner, left: packed.saturating_mul(MAX_UNPACKED_RATIO).clamp(PACKED_GRACE_BYTES, MAX_UNPACKED_BYTES) }
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(bytes)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
            let rule = format!("it unpacks to more than {MAX_UNPACKED_RATIO} times its size");
            io::Error::new(io::ErrorKind::InvalidData, rule)
        })?;
        Ok(count)
    }
}
