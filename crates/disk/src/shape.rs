//! Which bytes of a file are pages: known from the kind of the file and the place and length of a call.

use crate::page::{self, PAGE_BYTES};

/// A write-ahead log begins with a header of this size.
pub(crate) const LOG_HEADER_BYTES: usize = 32;

/// Before each page of a log there is a header of this size.
pub(crate) const FRAME_HEADER_BYTES: usize = 24;

/// A page in the log with its header.
pub(crate) const FRAME_BYTES: usize = FRAME_HEADER_BYTES + PAGE_BYTES;

/// Whether a frame that was read from `place` in the log holds the page that was sealed for it.
pub(crate) fn holds_sound_page(frame: &[u8], place: u64) -> bool {
    let page = frame.get(FRAME_HEADER_BYTES..).unwrap_or_default();
    page::is_sound(page, place + FRAME_HEADER_BYTES as u64)
}

/// What a file is to SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The database.
    Main,
    /// Its write-ahead log.
    Log,
    /// Anything else: rollback journals, which have checksums of SQLite's own, and temporary files, which nobody reads after a crash.
    Other,
}

/// What a call is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A page.
    Page,
    /// A page of the log with its header: read when a log is recovered, and verified by the checksums of the log, which SQLite made before the
    /// page had its own.
    Frame,
    /// Headers. SQLite peeks at that of the database to learn the size of its pages, and believes it once it has read the first page whole.
    Header,
    /// Pages of another size than this crate's.
    Foreign,
}

/// What is at these bytes of a file.
pub(crate) fn part(kind: Kind, offset: u64, bytes: usize) -> Part {
    let page = PAGE_BYTES as u64;
    match kind {
        Kind::Main if bytes == PAGE_BYTES && offset.is_multiple_of(page) => Part::Page,
        Kind::Main if bytes < 512 && offset < page => Part::Header,
        Kind::Main => Part::Foreign,
        Kind::Log => match offset.checked_sub(LOG_HEADER_BYTES as u64).map(|offset| offset % FRAME_BYTES as u64) {
            Some(0) if bytes == FRAME_BYTES => Part::Frame,
            Some(within) if within == FRAME_HEADER_BYTES as u64 && bytes == PAGE_BYTES => Part::Page,
            _ if bytes <= LOG_HEADER_BYTES => Part::Header,
            _ => Part::Foreign,
        },
        Kind::Other => Part::Header,
    }
}
