//! The values of attributes.

/// Appends `text` such that every reader gets it back as it is: line ends and tabs too, which would become spaces.
/// The error says that it has a character that XML cannot carry.
pub(in crate::xml) fn escape(text: &str, out: &mut String) -> Result<(), String> {
    let mut written = 0;
    for (index, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'"' => "&quot;",
            b'\n' => "&#10;",
            b'\r' => "&#13;",
            b'\t' => "&#9;",
            0..0x20 => return Err("XML cannot carry this control character: leave it out".to_owned()),
            0xEF if text[index..].starts_with(['\u{FFFE}', '\u{FFFF}']) => {
                return Err("XML cannot carry U+FFFE and U+FFFF: leave them out".to_owned());
            }
            _ => continue,
        };
        out.push_str(&text[written..index]);
        out.push_str(escaped);
        written = index + 1;
    }
    out.push_str(&text[written..]);
    Ok(())
}
