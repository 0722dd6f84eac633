//! Ranges of keys.

use std::ops::Bound;

use super::access::Range;

/// All keys that begin so.
pub(crate) fn below(prefix: &[u8]) -> Range {
    (Bound::Included(prefix.to_vec()), after(prefix).map_or(Bound::Unbounded, Bound::Excluded))
}

/// The first key that comes after all that begin so; `None` when there can be none.
pub(crate) fn after(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut key = prefix.to_vec();
    while let Some(last) = key.pop() {
        if last < u8::MAX {
            key.push(last + 1);
            return Some(key);
        }
    }
    None
}

/// Whether the range has no key because its start lies behind its end: an iterator over such a range may panic.
pub(crate) fn is_empty((start, end): &Range) -> bool {
    match (start, end) {
        (Bound::Included(start), Bound::Included(end)) => start > end,
        (Bound::Included(start) | Bound::Excluded(start), Bound::Included(end) | Bound::Excluded(end)) => start >= end,
        _ => false,
    }
}
