//! base64Binary (<http://hl7.org/fhir/R4/datatypes.html#base64Binary>).

/// The bytes that base64 text stands for; white space within it is passed over. `None` when it is none: letters that base64 has not, or
/// another number of them than a multiple of four, the last filled with `=`.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count, mut filled) = (0_u32, 0, 0);
    for letter in text.bytes().filter(|letter| !letter.is_ascii_whitespace()) {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => 0,
            _ => return None,
        };
        filled = match letter {
            b'=' => filled + 1,
            _ if filled > 0 => return None,
            _ => 0,
        };
        bits = bits << 6 | u32::from(value);
        count += 1;
        if count == 4 {
            let kept = 3_usize.checked_sub(filled).filter(|kept| *kept > 0)?;
            bytes.extend_from_slice(bits.to_be_bytes().get(1..1 + kept)?);
            (bits, count) = (0, 0);
        }
    }
    (count == 0).then_some(bytes)
}
