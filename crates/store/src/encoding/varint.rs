//! Numbers in as few bytes as they need: seven bits a byte, the low ones first, the highest bit set on all but the last.

/// How many bytes the longest number takes.
const MOST_BYTES: u32 = 10;

/// Appends a number: one byte for those below 128, ten at most.
pub fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes a number off the beginning; `None` when there is none, or it does not fit.
pub fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for place in 0..MOST_BYTES {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let bits = u64::from(byte & 0x7f);
        if place == MOST_BYTES - 1 && bits > 1 {
            return None;
        }
        number |= bits << (7 * place);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
