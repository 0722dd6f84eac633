//! Strings (<http://hl7.org/fhirpath/N1/#string-manipulation>). Positions and lengths count characters.

use super::Call;
use crate::error::Result;
use crate::evaluate::BYTES_PER_STEP;
use crate::item::Collection;
use crate::text::Text;

/// The input and the argument of a function that needs both; `None` when one is empty.
fn with_argument<'a>(call: &Call<'_, 'a>) -> Result<Option<(Text<'a>, Text<'a>)>> {
    let text = call.text()?;
    Ok(text.zip(call.text_argument(0)?))
}

/// The place of a byte, counted in characters; -1 for none.
fn place(text: &str, byte: Option<usize>) -> i32 {
    byte.map_or(-1, |byte| i32::try_from(text[..byte].chars().count()).unwrap_or(i32::MAX))
}

pub(super) fn index_of<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.optional(with_argument(call)?.map(|(text, part)| place(&text, text.find(&*part))))
}

pub(super) fn last_index_of<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    // The empty string is found at the beginning, as the specification has it.
    let find = |text: &str, part: &str| if part.is_empty() { Some(0) } else { text.rfind(part) };
    call.optional(with_argument(call)?.map(|(text, part)| place(&text, find(&text, &part))))
}

pub(super) fn substring<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let text = call.text()?;
    let (Some(text), Some(start)) = (text, call.integer_argument(0)?) else { return Ok(Collection::new()) };
    let length = call.integer_argument(1)?;
    let Some(start) = usize::try_from(start).ok().filter(|start| text.chars().nth(*start).is_some()) else {
        return Ok(Collection::new());
    };
    let length = length.map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(0));
    call.string(text.chars().skip(start).take(length).collect())
}

pub(super) fn starts_with<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.optional(with_argument(call)?.map(|(text, part)| text.starts_with(&*part)))
}

pub(super) fn ends_with<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.optional(with_argument(call)?.map(|(text, part)| text.ends_with(&*part)))
}

pub(super) fn contains<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.optional(with_argument(call)?.map(|(text, part)| text.contains(&*part)))
}

pub(super) fn upper<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    mapped(call, |text| text.to_uppercase())
}

pub(super) fn lower<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    mapped(call, |text| text.to_lowercase())
}

pub(super) fn trim<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    mapped(call, |text| text.trim_matches([' ', '\t', '\r', '\n']).to_owned())
}

fn mapped<'a>(call: &Call<'_, 'a>, map: fn(&str) -> String) -> Result<Collection<'a>> {
    match call.text()? {
        Some(text) => call.string(map(&text)),
        None => Ok(Collection::new()),
    }
}

pub(super) fn replace<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let text = call.text()?;
    let (Some(text), Some(pattern), Some(substitution)) = (text, call.text_argument(0)?, call.text_argument(1)?) else {
        return Ok(Collection::new());
    };
    // Checked before it is made: each of many matches could become a long text.
    call.charge(text.matches(&*pattern).count().saturating_mul(substitution.len() / BYTES_PER_STEP + 1))?;
    if pattern.is_empty() {
        // Before each character, and after the last.
        let mut spread: String = text.chars().flat_map(|character| [substitution.to_string(), character.to_string()]).collect();
        spread.push_str(&substitution);
        return call.string(spread);
    }
    call.string(text.replace(&*pattern, &substitution))
}

pub(super) fn length<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    call.optional(call.text()?.map(|text| i32::try_from(text.chars().count()).unwrap_or(i32::MAX)))
}

pub(super) fn to_chars<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let Some(text) = call.text()? else { return Ok(Collection::new()) };
    call.charge(text.len())?;
    Ok(text.chars().map(|character| character.to_string().into()).collect())
}

pub(super) fn split<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let Some((text, separator)) = with_argument(call)? else { return Ok(Collection::new()) };
    call.charge(text.len())?;
    if separator.is_empty() {
        return to_chars(call);
    }
    Ok(text.split(&*separator).map(|part| part.to_owned().into()).collect())
}

pub(super) fn join<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let separator = call.text_argument(0)?;
    if call.focus.is_empty() {
        return Ok(Collection::new());
    }
    let separator = separator.as_deref().unwrap_or("");
    let mut joined = String::new();
    let mut is_first = true;
    for item in call.focus.iter().filter(|item| !item.is_absent()) {
        let Some(text) = crate::evaluate::text_of(call.at, "each item that is joined", std::slice::from_ref(item))? else { continue };
        if !std::mem::take(&mut is_first) {
            joined.push_str(separator);
        }
        joined.push_str(&text);
        call.charge(1 + (separator.len() + text.len()) / BYTES_PER_STEP)?;
    }
    call.string(joined)
}
