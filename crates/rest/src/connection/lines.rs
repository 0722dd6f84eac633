//! The lines of a head: each ends in CR and LF.
//!
//! The parser takes a bare LF for the end of a line, as RFC 9112 allows; another server on the way may take it for part of one, and see another
//! request. Heads that rely on it are refused.

/// What was seen of a head so far.
#[derive(Clone, Copy, Default)]
pub(super) struct Lines {
    /// The last byte.
    last: u8,
    /// Whether the line has nothing so far but what ends it.
    is_empty: bool,
    /// Whether the head has ended.
    is_over: bool,
}

impl Lines {
    /// Looks at more of a head, and says whether its lines are sound so far.
    pub(super) fn are_sound(&mut self, mut read: &[u8]) -> bool {
        while !self.is_over && !read.is_empty() {
            let Some(at) = memchr::memchr(b'\n', read) else {
                self.is_empty &= read == b"\r";
                self.last = read[read.len() - 1];
                return true;
            };
            let before = if at == 0 { self.last } else { read[at - 1] };
            if before != b'\r' {
                return false;
            }
            self.is_over = self.is_empty && at <= 1;
            (self.is_empty, self.last) = (true, b'\n');
            read = &read[at + 1..];
        }
        true
    }
}
