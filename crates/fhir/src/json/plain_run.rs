//! How far a string goes without anything that JSON escapes: most of what a reader and a writer do.

const ONES: u64 = 0x0101_0101_0101_0101;
const TOPS: u64 = 0x8080_8080_8080_8080;

/// Where the run of bytes from `start` ends that stand for themselves in a string: at a quote, a backslash, a control
/// character or the end of `bytes`.
#[inline]
pub(super) fn plain_run(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    let (chunks, _) = rest.as_chunks::<8>();
    for (index, chunk) in chunks.iter().enumerate() {
        let found = specials(u64::from_le_bytes(*chunk));
        if found != 0 {
            return start + index * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let tail = chunks.len() * 8;
    let is_special = |&byte: &u8| byte == b'"' || byte == b'\\' || byte < 0x20;
    start + rest[tail..].iter().position(is_special).map_or(rest.len(), |index| tail + index)
}

/// The top bit of each special byte of eight. A bit above the first one that is right may be wrong, those below are not.
#[inline]
fn specials(word: u64) -> u64 {
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word;
    let quotes = zeros(word ^ (ONES * u64::from(b'"')));
    let backslashes = zeros(word ^ (ONES * u64::from(b'\\')));
    let controls = word.wrapping_sub(ONES * 0x20) & !word;
    (quotes | backslashes | controls) & TOPS
}
