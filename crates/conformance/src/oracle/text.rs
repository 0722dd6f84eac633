//! Strings (<http://hl7.org/fhir/R4/search.html#string>).

use fhir::Value;

use super::values::plain;
use super::{Opinion, any};
use crate::path::Found;
use crate::resources::pool::TEXTS;

/// The parts of names and addresses that are searched.
const PARTS: [&str; 11] = ["text", "family", "given", "prefix", "suffix", "line", "city", "district", "state", "postalCode", "country"];

/// Whether one of the values begins with the text, has it in it, or is it.
pub(super) fn any_is(found: &[Found<'_>], asked: &str, modifier: &str) -> Opinion {
    let asked = plain(asked);
    any(found.iter().flat_map(texts).map(|text| is(text, &asked, modifier)))
}

/// The texts of a value.
pub(super) fn texts<'a>(found: &Found<'a>) -> Vec<&'a str> {
    match found.value.as_str() {
        Some(text) => vec![text],
        None => PARTS.iter().flat_map(|part| found.value.list(part)).filter_map(Value::as_str).collect(),
    }
}

fn is(text: &str, asked: &str, modifier: &str) -> Opinion {
    if modifier == "exact" {
        return Some(text == asked);
    }
    let (text, asked) = (folded(text)?, folded(asked)?);
    Some(if modifier == "contains" { text.contains(&asked) } else { text.starts_with(&asked) })
}

/// A text as a search sees it: by the table, or by the rules of ASCII.
pub(super) fn folded(text: &str) -> Option<String> {
    if let Some((_, folded)) = TEXTS.iter().find(|(known, _)| *known == text) {
        return Some((*folded).to_owned());
    }
    text.is_ascii().then(|| text.to_ascii_lowercase().split_ascii_whitespace().collect::<Vec<_>>().join(" "))
}
