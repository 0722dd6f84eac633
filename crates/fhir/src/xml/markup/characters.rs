//! Which characters and references XML has (<https://www.w3.org/TR/xml/>, sections 2.2, 2.3 and 4.1).

use crate::xml::Fault;

/// Whether XML counts it as white space.
pub(crate) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

/// Where the first character stands that XML cannot carry: a control character, U+FFFE or U+FFFF.
pub(crate) fn find_forbidden(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    // Chunks of bytes are summed up without a branch, which the compiler makes wide.
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    let has_control = |chunk: &[u8]| chunk.iter().fold(false, |found, byte| found | is_control(byte));
    let chunk = bytes.chunks(256).position(has_control);
    let control = chunk.and_then(|index| bytes[index * 256..].iter().position(is_control).map(|at| index * 256 + at));
    let non_characters = ["\u{FFFE}", "\u{FFFF}"].iter().filter_map(|text| memchr::memmem::find(bytes, text.as_bytes()));
    control.into_iter().chain(non_characters).min()
}

/// How many bytes of `text` are a name at its beginning; 0 when it does not begin with one.
pub(crate) fn name_length(text: &str) -> usize {
    // Nearly all names are plain, and looked at byte by byte.
    let plain = text.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(text.len());
    let ends_plainly = text.as_bytes().get(plain).is_none_or(|byte| matches!(byte, b' ' | b'=' | b'>' | b'/'));
    if plain > 0 && ends_plainly && !text.starts_with(|first: char| first.is_ascii_digit()) {
        return plain;
    }
    let mut characters = text.char_indices();
    match characters.next() {
        Some((_, first)) if is_name_start(first) => {}
        _ => return 0,
    }
    characters.find(|&(_, character)| !is_name_part(character)).map_or(text.len(), |(index, _)| index)
}

fn is_name_start(character: char) -> bool {
    match character {
        'a'..='z' | 'A'..='Z' | '_' | ':' => true,
        '\u{C0}'..='\u{2FF}' => !matches!(character, '\u{D7}' | '\u{F7}'),
        '\u{370}'..='\u{1FFF}' => character != '\u{37E}',
        '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' => true,
        '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}' => true,
        _ => false,
    }
}

fn is_name_part(character: char) -> bool {
    is_name_start(character) || matches!(character, '0'..='9' | '-' | '.' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Whether each `&` in `text`, which stands at `offset`, begins a reference that needs no document type.
pub(crate) fn check_references(text: &str, offset: usize) -> Result<(), Fault> {
    for at in memchr::memchr_iter(b'&', text.as_bytes()) {
        reference(&text[at..], offset + at)?;
    }
    Ok(())
}

/// The character that the reference at the beginning of `text` stands for, and the reference's length.
pub(crate) fn reference(text: &str, offset: usize) -> Result<(char, usize), Fault> {
    let Some(end) = text.as_bytes().iter().take(16).position(|&byte| byte == b';') else {
        return Err(Fault::malformed("'&' in text must be written as '&amp;'", offset));
    };
    let name = &text[1..end];
    let character = match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => match name.strip_prefix('#') {
            Some(number) => numbered(number),
            None => return Err(Fault::entity(name, offset)),
        },
    };
    let Some(character) = character else {
        return Err(Fault::malformed("this character reference stands for no character of XML", offset));
    };
    Ok((character, end + 1))
}

fn numbered(number: &str) -> Option<char> {
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    let is_number = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    let character = is_number.then(|| u32::from_str_radix(digits, radix).ok()).flatten().and_then(char::from_u32)?;
    let is_forbidden = matches!(character, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}');
    (!is_forbidden).then_some(character)
}
