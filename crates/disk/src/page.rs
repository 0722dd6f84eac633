//! A page and its checksum.
//!
//! The checksum knows the page's place in the file: a page that was written to the wrong place, or read from there, is damaged
//! like one that lost a bit. SQLite never sees a checksum: to it the last bytes of a page are zero.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// The size of a page. Databases of another page size are not opened.
pub const PAGE_BYTES: usize = 4096;

/// The size of a checksum: SQLite leaves as much at the end of each page.
pub(crate) const SUM_BYTES: usize = 8;

/// Where a page's checksum begins.
const SUM_AT: usize = PAGE_BYTES - SUM_BYTES;

/// A page.
pub type Page = [u8; PAGE_BYTES];

fn sum(page: &Page, place: u64) -> [u8; SUM_BYTES] {
    let (body, _) = page.split_at(SUM_AT);
    xxh3_64_with_seed(body, place).to_be_bytes()
}

/// Puts the checksum of a page that goes to `place`, in bytes from the beginning of its file, into it. `None` when SQLite has put something of
/// its own where the checksum goes: the database was not made by this crate.
pub fn sealed(bytes: &[u8], place: u64) -> Option<Page> {
    let mut page = Page::try_from(bytes).ok()?;
    let sum = sum(&page, place);
    let end = page.last_chunk_mut::<SUM_BYTES>()?;
    if *end != [0; SUM_BYTES] {
        return None;
    }
    *end = sum;
    Some(page)
}

/// Whether a page that was read from `place` is the one that was sealed for it.
pub fn is_sound(bytes: &[u8], place: u64) -> bool {
    let Some((page, _)) = bytes.split_first_chunk::<PAGE_BYTES>() else { return false };
    page.last_chunk::<SUM_BYTES>() == Some(&sum(page, place))
}

/// Takes the checksum out of the page that the bytes end with.
pub fn unseal(bytes: &mut [u8]) {
    if let Some(end) = bytes.last_chunk_mut::<SUM_BYTES>() {
        *end = [0; SUM_BYTES];
    }
}
