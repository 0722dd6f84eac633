//! The forms of primitives, matched by hand: <http://hl7.org/fhir/R4/datatypes.html#primitive>.

use crate::definitions::PrimitiveType;

/// The longest string that FHIR allows, in bytes.
pub(super) const MAX_STRING: usize = 1024 * 1024;

/// Whether `text` is a value of the type: for a number the text of the JSON number.
pub fn fits(kind: PrimitiveType, text: &str) -> bool {
    let bytes = text.as_bytes();
    match kind {
        PrimitiveType::Base64Binary => is_base64(bytes),
        PrimitiveType::Boolean => matches!(text, "true" | "false"),
        PrimitiveType::Canonical | PrimitiveType::Uri | PrimitiveType::Url => is_uri(bytes),
        PrimitiveType::Code => is_code(bytes),
        PrimitiveType::Date => date_length(bytes) == Some(bytes.len()),
        PrimitiveType::DateTime => is_date_time(bytes),
        PrimitiveType::Decimal => is_decimal(bytes),
        PrimitiveType::Id => is_id(bytes),
        PrimitiveType::Instant => bytes.len() > 10 && is_date_time(bytes),
        PrimitiveType::Integer => is_integer(text) && text.parse::<i32>().is_ok(),
        PrimitiveType::UnsignedInt => is_integer(text) && text.parse::<i32>().is_ok_and(|number| number >= 0),
        PrimitiveType::PositiveInt => is_integer(text) && text.parse::<i32>().is_ok_and(|number| number > 0),
        PrimitiveType::Markdown | PrimitiveType::String => is_string(bytes),
        PrimitiveType::Oid => is_oid(text),
        PrimitiveType::Time => time_length(bytes) == Some(bytes.len()),
        PrimitiveType::Uuid => is_uuid_urn(text) && !bytes.iter().any(u8::is_ascii_uppercase),
        PrimitiveType::Xhtml => is_string(bytes) && is_div(text),
    }
}

/// What a value of the type looks like, for a message.
pub(super) fn description(kind: PrimitiveType) -> &'static str {
    match kind {
        PrimitiveType::Base64Binary => "base64Binary is written in the letters A-Z a-z 0-9 + / in groups of four, the last filled with =",
        PrimitiveType::Boolean => "a boolean is true or false",
        PrimitiveType::Canonical => "a canonical is an address without blanks, with |version at its end if need be",
        PrimitiveType::Code => "a code has no blanks at its ends, and single ones inside at most",
        PrimitiveType::Date => "a date is YYYY, YYYY-MM or YYYY-MM-DD, and a day of the calendar",
        PrimitiveType::DateTime => "a dateTime is YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss+zz:zz, and a day of the calendar",
        PrimitiveType::Decimal => "a decimal is a JSON number, such as 1.20",
        PrimitiveType::Id => "an id has 1 to 64 of the letters A-Z a-z 0-9 - .",
        PrimitiveType::Instant => "an instant is YYYY-MM-DDThh:mm:ss+zz:zz (or Z), and a day of the calendar",
        PrimitiveType::Integer => "an integer is a whole number from -2147483648 to 2147483647",
        PrimitiveType::UnsignedInt => "an unsignedInt is a whole number from 0 to 2147483647",
        PrimitiveType::PositiveInt => "a positiveInt is a whole number from 1 to 2147483647",
        PrimitiveType::Markdown => "markdown has no control characters but tab and line ends, no U+FFFE and U+FFFF, and 1 MB at most",
        PrimitiveType::String => "a string has no control characters but tab and line ends, no U+FFFE and U+FFFF, and 1 MB at most",
        PrimitiveType::Oid => "an oid is urn:oid: and numbers with dots between them, such as urn:oid:1.2.3",
        PrimitiveType::Time => "a time is hh:mm:ss, without a zone",
        PrimitiveType::Uri => "a uri has no blanks",
        PrimitiveType::Url => "a url has no blanks",
        PrimitiveType::Uuid => {
            "a uuid is urn:uuid: and 32 hexadecimal digits in small letters, such as urn:uuid:c757873d-ec9a-4326-a141-556f43239520"
        }
        PrimitiveType::Xhtml => "the narrative is one XHTML element, <div xmlns=\"http://www.w3.org/1999/xhtml\">…</div>",
    }
}

/// `urn:uuid:` and 32 hexadecimal digits of either case, in groups of 8, 4, 4, 4 and 12.
pub fn is_uuid_urn(text: &str) -> bool {
    let Some(uuid) = text.strip_prefix("urn:uuid:") else { return false };
    uuid.len() == 36
        && uuid.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_string(bytes: &[u8]) -> bool {
    // A fold without a way out, so that the compiler looks at many bytes at once.
    let is_control = |byte: u8| byte < 0x20 && byte != b'\t' && byte != b'\n' && byte != b'\r';
    bytes.len() <= MAX_STRING && !bytes.iter().fold(false, |found, &byte| found | is_control(byte)) && !has_noncharacter(bytes)
}

/// Whether U+FFFE or U+FFFF is in it: XML could not carry the resource.
fn has_noncharacter(bytes: &[u8]) -> bool {
    memchr::memchr_iter(0xEF, bytes).any(|at| matches!(bytes.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])))
}

fn is_div(text: &str) -> bool {
    let text = text.trim_ascii();
    let named = text
        .strip_prefix("<div")
        .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_whitespace() || next == '>' || next == '/'));
    named && (text.ends_with("</div>") || text.ends_with("/>"))
}

fn is_uri(bytes: &[u8]) -> bool {
    bytes.len() <= MAX_STRING && bytes.iter().all(|&byte| byte > 0x20 && byte != 0x7F) && !has_noncharacter(bytes)
}

fn is_code(bytes: &[u8]) -> bool {
    let mut blank_before = true;
    for &byte in bytes {
        let is_blank = byte == b' ';
        if byte < 0x20 || byte == 0x7F || (is_blank && blank_before) {
            return false;
        }
        blank_before = is_blank;
    }
    !blank_before && !has_noncharacter(bytes)
}

fn is_id(bytes: &[u8]) -> bool {
    (1..=64).contains(&bytes.len()) && bytes.iter().all(|&byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
}

fn is_oid(text: &str) -> bool {
    let Some(oid) = text.strip_prefix("urn:oid:") else { return false };
    let is_number = |part: &str| {
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        digits && (part.len() == 1 || !part.starts_with('0'))
    };
    oid.split_once('.').is_some_and(|(root, rest)| matches!(root, "0" | "1" | "2") && rest.split('.').all(is_number))
}

fn is_base64(bytes: &[u8]) -> bool {
    let (mut letters, mut padding) = (0_usize, 0_usize);
    for &byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => letters += 1,
            b'=' => padding += 1,
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => return false,
        }
    }
    padding <= 2 && letters > 0 && (letters + padding).is_multiple_of(4)
}

/// A whole number without sign before zero, without leading zeros and without `+`.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    match digits.first() {
        Some(b'0') => text == "0",
        Some(b'1'..=b'9') => digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

fn is_decimal(bytes: &[u8]) -> bool {
    let rest = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let whole = digit_count(rest);
    if whole == 0 || (whole > 1 && rest[0] == b'0') {
        return false;
    }
    let mut rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digit_count(fraction);
        if count == 0 {
            return false;
        }
        rest = &fraction[count..];
    }
    if let [b'e' | b'E', power @ ..] = rest {
        let power = power.strip_prefix(b"-").or_else(|| power.strip_prefix(b"+")).unwrap_or(power);
        let count = digit_count(power);
        return count > 0 && count == power.len();
    }
    rest.is_empty()
}

fn digit_count(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// How many bytes at the beginning are a date that the calendar has.
fn date_length(bytes: &[u8]) -> Option<usize> {
    let year = number(bytes.get(..4)?)?;
    if year == 0 {
        return None;
    }
    if bytes.get(4) != Some(&b'-') {
        return Some(4);
    }
    let month = number(bytes.get(5..7)?)?;
    if !(1..=12).contains(&month) {
        return None;
    }
    if bytes.get(7) != Some(&b'-') {
        return Some(7);
    }
    let day = number(bytes.get(8..10)?)?;
    (1..=days_in_month(year, month)).contains(&day).then_some(10)
}

fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// A date, or a whole date with a time to the second and a zone.
fn is_date_time(bytes: &[u8]) -> bool {
    let Some(date) = date_length(bytes) else { return false };
    if date == bytes.len() {
        return true;
    }
    let (10, Some(time)) = (date, bytes[date..].strip_prefix(b"T")) else { return false };
    time_length(time).is_some_and(|length| is_zone(&time[length..]))
}

/// How many bytes at the beginning are `hh:mm:ss`, with a fraction when there is one. A second may be a leap second.
fn time_length(bytes: &[u8]) -> Option<usize> {
    if bytes.get(2) != Some(&b':') || bytes.get(5) != Some(&b':') {
        return None;
    }
    let (hour, minute, second) = (number(bytes.get(..2)?)?, number(bytes.get(3..5)?)?, number(bytes.get(6..8)?)?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    match bytes[8..].strip_prefix(b".").map(digit_count) {
        None => Some(8),
        Some(0) => None,
        Some(digits) => Some(9 + digits),
    }
}

/// `Z`, or hours and minutes from UTC up to 14:00.
fn is_zone(bytes: &[u8]) -> bool {
    match bytes {
        b"Z" => true,
        [b'+' | b'-', zone @ ..] if zone.len() == 5 && zone[2] == b':' => match (number(&zone[..2]), number(&zone[3..])) {
            (Some(hours), Some(minutes)) => hours < 14 && minutes < 60 || hours == 14 && minutes == 0,
            _ => false,
        },
        _ => false,
    }
}

/// The number that these bytes write in digits only; there are few of them.
fn number(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}
