//! `encode`, `decode`, `escape`, `unescape`.

use fhir::primitive::base64;

use super::Call;
use crate::error::Result;
use crate::item::Collection;

/// The five characters that HTML escapes, and how.
const ENTITIES: [(char, &str); 5] = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\'', "&#39;")];

pub(super) fn encode<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let text = call.text()?;
    let (Some(text), Some(format)) = (text, call.text_argument(0)?) else { return Ok(Collection::new()) };
    call.string(match &*format {
        "hex" => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
        "base64" => base64::encode(text.as_bytes(), base64::PLAIN),
        "urlbase64" | "base64url" => base64::encode(text.as_bytes(), base64::FOR_URLS),
        _ => return call.fail("the formats of encode() are hex, base64 and urlbase64"),
    })
}

pub(super) fn decode<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let text = call.text()?;
    let (Some(text), Some(format)) = (text, call.text_argument(0)?) else { return Ok(Collection::new()) };
    let bytes = match &*format {
        "hex" => from_hex(&text),
        "base64" => base64::decode(&text, base64::PLAIN),
        "urlbase64" | "base64url" => base64::decode(&text, base64::FOR_URLS),
        _ => return call.fail("the formats of decode() are hex, base64 and urlbase64"),
    };
    match bytes.and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(decoded) => call.string(decoded),
        None => call.fail(&format!("the input is no text in {}", &*format)),
    }
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
        "html" => call.string(unescape_html(&text)),
        "json" => call.string(unescape_json(&text)),
        _ => call.fail("the targets of unescape() are html and json"),
    }
}

/// The text with the entities of HTML resolved that [`ENTITIES`] has, and those that are numbers; an `&` that begins none stays.
fn unescape_html(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        // The longest is `&#x10FFFF;`.
        let entity = after.split_once(';').filter(|(name, _)| name.len() <= 8);
        match entity.and_then(|(name, after)| Some((character_of(name)?, after))) {
            Some((character, after)) => {
                plain.push(character);
                rest = after;
            }
            None => {
                plain.push('&');
                rest = after;
            }
        }
    }
    plain + rest
}

/// The character of an entity, by what stands between `&` and `;`.
fn character_of(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    let known = ENTITIES.iter().find(|(_, entity)| entity[1..entity.len() - 1] == *name);
    known.map(|(character, _)| *character).or((name == "apos").then_some('\''))
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
