//! Dates, moments, periods and timings.

use fhir::Value;
use fhir::primitive::Temporal;
use fhirpath::Item;
use store::entry::{EntryValue, Span};

/// Appends the interval of an item. Of a timing only the outer limits count: from the first to the last of its events and its bounds.
pub(super) fn push(item: &Item<'_>, out: &mut Vec<EntryValue>) {
    let Some(value) = item.value() else { return };
    let span = match (item.type_name(), value) {
        ("Period", period) => period_span(period),
        ("Timing", timing) => timing_span(timing),
        (_, Value::String(text)) => span(text),
        _ => None,
    };
    out.extend(span.map(EntryValue::Date));
}

fn span(text: &str) -> Option<Span> {
    Temporal::parse(text).map(|moment| Span { first: moment.first_ms(), last: moment.last_ms() })
}

/// An open side reaches to the beginning or the end of time. An end before the start (a day without zone may end in another zone) counts as the start.
fn period_span(period: &Value) -> Option<Span> {
    let start = period.text("start").and_then(span).map(|start| start.first);
    let end = period.text("end").and_then(span).map(|end| end.last);
    match (start, end) {
        (None, None) => None,
        (start, end) => {
            let first = start.unwrap_or(i64::MIN);
            Some(Span { first, last: end.unwrap_or(i64::MAX).max(first) })
        }
    }
}

fn timing_span(timing: &Value) -> Option<Span> {
    let bounds = timing.get("repeat").and_then(|repeat| repeat.get("boundsPeriod")).and_then(period_span);
    let events = timing.list("event").filter_map(|event| span(event.as_str()?));
    events.chain(bounds).reduce(|whole, part| Span { first: whole.first.min(part.first), last: whole.last.max(part.last) })
}
