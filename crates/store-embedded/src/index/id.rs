//! Logical ids in few bytes: most are UUIDs, whose 36 characters stand for 16 bytes.

use std::fmt::Write;

/// What comes before an id that stands as its characters, and before one that stands as the bytes of a UUID.
const TEXT: u8 = 0;
const UUID: u8 = 1;

/// After how many bytes a UUID has a hyphen.
const HYPHENS: [usize; 4] = [4, 6, 8, 10];

/// Appends an id, to which everything after belongs.
pub(crate) fn put(out: &mut Vec<u8>, id: &str) {
    match uuid(id) {
        Some(bytes) => {
            out.push(UUID);
            out.extend_from_slice(&bytes);
        }
        None => {
            out.push(TEXT);
            out.extend_from_slice(id.as_bytes());
        }
    }
}

/// The id that [`put`] made these bytes of; `None` when it made them of none.
pub(crate) fn read(bytes: &[u8]) -> Option<String> {
    match bytes.split_first()? {
        (&TEXT, text) => std::str::from_utf8(text).ok().map(str::to_owned),
        (&UUID, bytes) => Some(text(<&[u8; 16]>::try_from(bytes).ok()?)),
        _ => None,
    }
}

/// The bytes of a UUID that is written in small letters: only of that one its text can be made again.
fn uuid(id: &str) -> Option<[u8; 16]> {
    let mut digits = id.bytes();
    let mut bytes = [0; 16];
    for (place, byte) in bytes.iter_mut().enumerate() {
        if HYPHENS.contains(&place) && digits.next() != Some(b'-') {
            return None;
        }
        *byte = digit(digits.next()?)? << 4 | digit(digits.next()?)?;
    }
    digits.next().is_none().then_some(bytes)
}

fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    }
}

fn text(bytes: &[u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.iter().enumerate() {
        if HYPHENS.contains(&place) {
            text.push('-');
        }
        // Writing into a String does not fail.
        write!(text, "{byte:02x}").ok();
    }
    text
}

#[cfg(test)]
mod tests;
