//! What extensions and `maxLength` ask of an answer: <http://hl7.org/fhir/R4/questionnaire-profiles.html#extensions>.

use std::cmp::Ordering;
use std::sync::LazyLock;

use fhir::Value;
use fhirpath::{Context, Expression, Item as PathItem};

use super::Judge;
use super::item::Item;
use super::values::{Typed, order};
use crate::codes;

const MIN_VALUE: &str = "http://hl7.org/fhir/StructureDefinition/minValue";
const MAX_VALUE: &str = "http://hl7.org/fhir/StructureDefinition/maxValue";
const MIN_QUANTITY: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-minQuantity";
const MAX_QUANTITY: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-maxQuantity";
const MIN_LENGTH: &str = "http://hl7.org/fhir/StructureDefinition/minLength";
const MAX_PLACES: &str = "http://hl7.org/fhir/StructureDefinition/maxDecimalPlaces";
const REGEX: &str = "http://hl7.org/fhir/StructureDefinition/regex";
const MIME_TYPE: &str = "http://hl7.org/fhir/StructureDefinition/mimeType";
const MAX_SIZE: &str = "http://hl7.org/fhir/StructureDefinition/maxSize";

const BYTES_PER_MB: f64 = 1_048_576.0;

/// That a value is within the limits of its question.
pub(super) fn check(judge: &mut Judge<'_>, question: Item<'_>, answer: Typed<'_>, place: &str) {
    for (url, wrong, word) in [(MIN_VALUE, Ordering::Less, "least"), (MAX_VALUE, Ordering::Greater, "greatest")] {
        for limit in question.extensions(url) {
            if order(answer, limit) == Some(wrong) {
                judge.error(codes::RESPONSE_LIMIT, place, format!("the {word} value allowed is {}", text(limit.1)));
            }
        }
    }
    match answer {
        ("Quantity", quantity) => quantities(judge, question, quantity, place),
        ("Decimal", number) => decimal_places(judge, question, number.as_number().unwrap_or_default(), place),
        ("String" | "Uri", text) => text_limits(judge, question, text, place),
        ("Attachment", attachment) => attachments(judge, question, attachment, place),
        _ => {}
    }
}

fn quantities(judge: &mut Judge<'_>, question: Item<'_>, quantity: &Value, place: &str) {
    let has_unit = |quantity: &Value| quantity.get("system").is_some() && quantity.get("code").is_some();
    for (url, wrong, word) in [(MIN_QUANTITY, Ordering::Less, "least"), (MAX_QUANTITY, Ordering::Greater, "greatest")] {
        for (ending, limit) in question.extensions(url) {
            let found = order(("Quantity", quantity), (ending, limit)).filter(|_| has_unit(quantity) && has_unit(limit));
            let (value, unit) = (limit.get("value").map(text).unwrap_or_default(), limit.text("code").unwrap_or_default());
            match found {
                None => judge.error(codes::RESPONSE_LIMIT, place, format!("this cannot be compared with the {word} value allowed, {value} {unit}: give system and code of a unit of the same kind")),
                Some(found) if found == wrong => judge.error(codes::RESPONSE_LIMIT, place, format!("the {word} value allowed is {value} {unit}")),
                Some(_) => {}
            }
        }
    }
}

fn decimal_places(judge: &mut Judge<'_>, question: Item<'_>, number: &str, place: &str) {
    let places = number.split_once('.').map_or(0, |(_, fraction)| fraction.bytes().take_while(u8::is_ascii_digit).count());
    if let Some(max) = question.extensions(MAX_PLACES).find_map(|(_, value)| value.as_number()?.parse::<usize>().ok())
        && places > max
    {
        judge.error(codes::RESPONSE_LIMIT, place, format!("the number has more than {max} places after the point: round it"));
    }
}

fn text_limits(judge: &mut Judge<'_>, question: Item<'_>, value: &Value, place: &str) {
    let length = value.as_str().unwrap_or_default().chars().count();
    let max = question.0.get("maxLength").and_then(Value::as_number).and_then(|max| max.parse::<usize>().ok());
    if let Some(max) = max.filter(|max| length > *max) {
        judge.error(codes::RESPONSE_LIMIT, place, format!("the answer is longer than {max} letters: shorten it"));
    }
    if let Some(min) =
        question.extensions(MIN_LENGTH).find_map(|(_, min)| min.as_number()?.parse::<usize>().ok()).filter(|min| length < *min)
    {
        judge.error(codes::RESPONSE_LIMIT, place, format!("the answer is shorter than {min} letters"));
    }
    for pattern in question.extensions(REGEX).filter_map(|(_, pattern)| pattern.as_str()) {
        match matches(value, pattern) {
            Some(true) => {}
            Some(false) => judge.error(
                codes::RESPONSE_LIMIT,
                place,
                format!("the answer does not have the form that the question asks for: {pattern}"),
            ),
            None => judge.warning(
                codes::RESPONSE_LIMIT,
                place,
                "the regular expression of the question cannot be used, so the answer was not judged by it",
            ),
        }
    }
}

/// Whether the whole text matches; `None` when the pattern cannot be used.
fn matches(value: &Value, pattern: &str) -> Option<bool> {
    static MATCHES: LazyLock<Option<Expression>> = LazyLock::new(|| Expression::parse("%text.matches(%pattern)").ok());
    let whole = PathItem::from(format!("^(?:{pattern})$"));
    let context = Context::default().with_variable("text", [PathItem::plain(value)]).with_variable("pattern", [whole]);
    let found = MATCHES.as_ref()?.evaluate(&context, &PathItem::plain(value)).ok()?;
    found.first()?.as_bool()
}

fn attachments(judge: &mut Judge<'_>, question: Item<'_>, attachment: &Value, place: &str) {
    let allowed: Vec<&str> = question.extensions(MIME_TYPE).filter_map(|(_, code)| code.as_str()).collect();
    let actual = attachment.text("contentType").unwrap_or_default();
    if !allowed.is_empty() && !allowed.contains(&actual.split(';').next().unwrap_or_default().trim()) {
        judge.error(codes::RESPONSE_LIMIT, place, format!("the contentType of the answer is one of {}", allowed.join(", ")));
    }
    let stated = attachment.get("size").and_then(Value::as_number).and_then(|size| size.parse::<f64>().ok());
    let encoded = attachment.text("data").map(|data| data.len() as f64 * 0.75);
    for limit in question.extensions(MAX_SIZE).filter_map(|(_, limit)| limit.as_number()?.parse::<f64>().ok()) {
        if stated.or(encoded).is_some_and(|size| size > limit * BYTES_PER_MB) {
            judge.error(codes::RESPONSE_LIMIT, place, format!("the attachment is larger than {limit} MB"));
        }
    }
}

/// A limit as text: it is the questionnaire's, and nobody's data.
fn text(value: &Value) -> &str {
    value.as_str().or_else(|| value.as_number()).unwrap_or_default()
}
