//! Base64 (RFC 4648), as `base64Binary` has it.

/// The alphabet of `base64Binary`.
pub const PLAIN: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// The alphabet for addresses and file names.
pub const FOR_URLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// No digit of the alphabet.
const NONE: u8 = u8::MAX;

/// The text of these bytes: 4 characters for each 3 bytes, filled up with `=`.
pub fn encode(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut encoded = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().enumerate().fold(0_u32, |bits, (index, &byte)| bits | u32::from(byte) << (16 - 8 * index));
        for place in 0..4 {
            let digit = alphabet[(bits >> (18 - 6 * place) & 63) as usize];
            encoded.push(if place <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    encoded
}

/// The bytes of a text; `None` when it is none: 4 characters for 3 bytes, `=` at the end only, no blanks.
pub fn decode(text: &str, alphabet: &[u8; 64]) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let digits = text.trim_end_matches('=');
    if text.len() - digits.len() > 2 {
        return None;
    }
    let mut values = [NONE; 256];
    for (value, &digit) in alphabet.iter().enumerate() {
        values[usize::from(digit)] = value as u8;
    }
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    for chunk in digits.as_bytes().chunks(4) {
        let mut bits = 0;
        for (place, &digit) in chunk.iter().enumerate() {
            let value = values[usize::from(digit)];
            if value == NONE {
                return None;
            }
            bits |= u32::from(value) << (18 - 6 * place);
        }
        bytes.extend([(bits >> 16) as u8, (bits >> 8) as u8, bits as u8].iter().take(chunk.len() - 1));
    }
    Some(bytes)
}

/// The bytes of a `base64Binary`, in which white space is passed over (<http://hl7.org/fhir/R4/datatypes.html#base64Binary>); `None` when
/// it is none.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    if !text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        return decode(text, PLAIN);
    }
    let digits: String = text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    decode(&digits, PLAIN)
}
