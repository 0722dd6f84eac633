//! base64url without padding (RFC 4648, section 5), as Web Authentication writes bytes in JSON.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes in base64url.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let word = three.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        text.extend((0..=three.len()).map(|place| char::from(DIGITS[(word >> (18 - 6 * place) & 63) as usize])));
    }
    text
}

/// The bytes of a text; `None` when it is no base64url, has padding, or bits that mean nothing: so each value is written in one way only.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for four in text.as_bytes().chunks(4) {
        let digit = |sign: &u8| DIGITS.iter().position(|digit| digit == sign);
        let word = four.iter().try_fold(0usize, |word, sign| Some(word << 6 | digit(sign)?))? << (6 * (4 - four.len()));
        let whole = four.len().checked_sub(1).filter(|whole| *whole > 0)?;
        if word & (0xff_ffff >> (8 * whole)) != 0 {
            return None;
        }
        bytes.extend((0..whole).map(|place| (word >> (16 - 8 * place) & 255) as u8));
    }
    Some(bytes)
}
