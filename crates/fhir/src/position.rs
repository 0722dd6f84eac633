//! Where in a text a problem is, for people.

/// The line and the column (in bytes) of an offset, both counted from 1.
pub(crate) fn line_and_column(text: &[u8], offset: usize) -> (usize, usize) {
    let before = &text[..offset.min(text.len())];
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
    (1 + memchr::memchr_iter(b'\n', before).count(), 1 + before.len() - line_start)
}
