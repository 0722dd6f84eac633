//! `encode`, `decode`, `escape`, `unescape`.

use super::Call;
use crate::error::Result;
use crate::item::Collection;

const PLAIN: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const FOR_URLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The five characters that HTML escapes, and how.
const ENTITIES: [(char, &str); 5] = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\'', "&#39;")];

pub(super) fn encode<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let text = call.text()?;
    let (Some(text), Some(format)) = (text, call.text_argument(0)?) else { return Ok(Collection::new()) };
    call.string(match &*format {
        "hex" => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
        "base64" => base64(text.as_bytes(), PLAIN),
        "urlbase64" => base64(text.as_bytes(), FOR_URLS),
        _ => return call.fail("the formats of encode() are hex, base64 and urlbase64"),
    })
}

pub(super) fn decode<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let text = call.text()?;
    let (Some(text), Some(format)) = (text, call.text_argument(0)?) else { return Ok(Collection::new()) };
    let bytes = match &*format {
        "hex" => from_hex(&text),
        "base64" => from_base64(&text, PLAIN),
        "urlbase64" => from_base64(&text, FOR_URLS),
        _ => return call.fail("the formats of decode() are hex, base64 and urlbase64"),
    };
    match bytes.and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(decoded) => call.string(decoded),
        None => call.fail(&format!("the input is no text in {}", &*format)),
    }
}

fn base64(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut encoded = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().enumerate().fold(0_u32, |bits, (index, &byte)| bits | u32::from(byte) << (16 - 8 * index));
        for place in 0..4 {
            let digit = alphabet[(bits >> (18 - 6 * place) & 63) as usize];
            encoded.push(if place <= chunk.len() { digit as char } else { '=' });
        }
    }
    encoded
}

/// The bytes of base64 text; `None` when it is none: 4 characters for 3 bytes, `=` at the end only.
pub(crate) fn from_base64(text: &str, alphabet: &[u8; 64]) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let digits = text.trim_end_matches('=');
    if text.len() - digits.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    for chunk in digits.as_bytes().chunks(4) {
        let mut bits = 0;
        for (place, digit) in chunk.iter().enumerate() {
            let value = alphabet.iter().position(|known| known == digit)? as u32;
            bits |= value << (18 - 6 * place);
        }
        bytes.extend([(bits >> 16) as u8, (bits >> 8) as u8, bits as u8].iter().take(chunk.len() - 1));
    }
    Some(bytes)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| (byte as char).to_digit(16);
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some((digit(pair[0])? * 16 + digit(*pair.get(1)?)?) as u8)).collect()
}

pub(super) fn escape<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let text = call.text()?;
    let (Some(text), Some(target)) = (text, call.text_argument(0)?) else { return Ok(Collection::new()) };
    match &*target {
        "html" => {
            let entity = |character: char| ENTITIES.iter().find(|(known, _)| *known == character).map(|(_, entity)| *entity);
            call.string(text.chars().map(|character| entity(character).map_or(character.to_string(), str::to_owned)).collect())
        }
        "json" => {
            let quoted = fhir::json::to_string(&fhir::Value::from(&*text));
            call.string(quoted[1..quoted.len() - 1].to_owned())
        }
        _ => call.fail("the targets of escape() are html and json"),
    }
}

pub(super) fn unescape<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let text = call.text()?;
    let (Some(text), Some(target)) = (text, call.text_argument(0)?) else { return Ok(Collection::new()) };
    match &*target {
        // `&amp;` last, so that it makes no new entities.
        "html" => {
            call.string(ENTITIES.iter().rev().fold(text.to_string(), |text, (plain, entity)| text.replace(entity, &plain.to_string())))
        }
        "json" => call.string(unescape_json(&text)),
        _ => call.fail("the targets of unescape() are html and json"),
    }
}

/// The text with JSON's escapes resolved; a backslash that begins none stays.
fn unescape_json(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(backslash) = rest.find('\\') {
        plain.push_str(&rest[..backslash]);
        let escape = &rest[backslash..];
        // As long as an escape may be, from the longest: a pair of surrogates, one unit, one character.
        let resolved = [12, 6, 2].into_iter().find_map(|length| {
            let candidate = escape.get(..length)?;
            match fhir::json::parse(format!("\"{candidate}\"").as_bytes()) {
                Ok(fhir::Value::String(character)) if character.chars().count() == 1 => Some((character, length)),
                _ => None,
            }
        });
        match resolved {
            Some((character, length)) => {
                plain.push_str(&character);
                rest = &escape[length..];
            }
            None => {
                plain.push('\\');
                rest = &escape[1..];
            }
        }
    }
    plain + rest
}
