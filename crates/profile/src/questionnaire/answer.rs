//! One answer: its type, and what its question asks of it.

use fhir::Value;

use super::item::{Item, Kind, choice_value};
use super::response::Walk;
use super::{Judge, limits, options, units};
use crate::codes;

pub(super) fn check<'a>(judge: &mut Judge<'_>, walk: &Walk<'_, 'a>, question: Item<'a>, answer: &'a Value, place: &str) {
    let (Some(kind), Some((ending, value))) = (question.kind(), choice_value(answer)) else { return };
    let place = format!("{place}.value");
    if !kind.values().contains(&ending) {
        let types: Vec<String> = kind.values().iter().map(|name| format!("value{name}")).collect();
        let text =
            format!("an answer of the type {} is {}, not value{ending}", question.0.text("type").unwrap_or_default(), types.join(" or "));
        return judge.error(codes::RESPONSE_TYPE, &place, text);
    }
    options::check(judge, walk, question, (ending, value), &place);
    limits::check(judge, question, (ending, value), &place);
    match kind {
        Kind::Quantity => units::check(judge, walk, question, value, &place),
        Kind::Reference => target(judge, question, value, &place),
        Kind::String if value.as_str().is_some_and(|text| text.contains(['\n', '\r'])) => {
            judge.warning(codes::RESPONSE_LIMIT, &place, "an answer of the type string is one line: the type text has several");
        }
        _ => {}
    }
}

/// That a reference leads to one of the types that the question asks for.
fn target(judge: &mut Judge<'_>, question: Item<'_>, value: &Value, place: &str) {
    const URL: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-referenceResource";
    let allowed: Vec<&str> = question.extensions(URL).filter_map(|(_, code)| code.as_str()).collect();
    let reference = value.text("reference").unwrap_or_default();
    let mut parts = reference.split("/_history/").next().unwrap_or_default().rsplit('/');
    let named = parts.next().and(parts.next()).or_else(|| value.text("type"));
    if let Some(named) = named.filter(|_| !allowed.is_empty() && !reference.starts_with('#'))
        && !allowed.contains(&named)
    {
        judge.error(codes::RESPONSE_TYPE, place, format!("the answer refers to {}", allowed.join(" or ")));
    }
}
