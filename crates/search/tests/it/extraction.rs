//! What resources can be found by.

mod examples;
mod hostile;
mod values;

use fhir::definitions::ResourceType;
use fhir::primitive::Decimal;
use search::{Extracted, Registry};
use store::entry::{EntryValue, Local, Param, Quantity, Range, Span, Text, Token, Uri};

fn extract_with(registry: &Registry, text: &str) -> Extracted {
    let resource = fhir::json::parse(text.as_bytes()).expect("JSON");
    let kind = resource.resource_type().and_then(ResourceType::parse).expect("a resource type");
    registry.extract(kind, &resource)
}

fn extract(text: &str) -> Extracted {
    extract_with(&Registry::standard(), text)
}

/// The values of one parameter, `Type.code`, in order.
fn values(extracted: &Extracted, parameter: &str) -> Vec<EntryValue> {
    let (kind, code) = parameter.split_once('.').expect("Type.code");
    let param = Param::of(kind, code);
    extracted.entries.iter().filter(|entry| entry.param == param).map(|entry| entry.value.clone()).collect()
}

fn token(system: &str, code: &str) -> EntryValue {
    EntryValue::Token(Token { code: code.into(), system: system.into() })
}

fn text(folded: &str, exact: &str) -> EntryValue {
    EntryValue::String(Text { folded: folded.into(), exact: exact.into() })
}

fn local(target: &str) -> EntryValue {
    EntryValue::Local(Local { target: target.into() })
}

fn uri(uri: &str, version: &str) -> EntryValue {
    EntryValue::Uri(Uri { uri: uri.into(), version: version.into() })
}

fn date(first: &str, last: &str) -> EntryValue {
    let parsed = |text| fhir::primitive::Temporal::parse(text).expect("a date");
    let first = if first.is_empty() { i64::MIN } else { parsed(first).first_ms() };
    let last = if last.is_empty() { i64::MAX } else { parsed(last).last_ms() };
    EntryValue::Date(Span { first, last })
}

fn range(low: &str, high: &str) -> Range {
    Range { low: Decimal::parse(low), high: Decimal::parse(high) }
}

fn quantity(low: &str, high: &str, system: &str, unit: &str) -> EntryValue {
    EntryValue::Quantity(Quantity { range: range(low, high), system: system.into(), unit: unit.into() })
}
