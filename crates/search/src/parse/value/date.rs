//! Dates to search for (<http://hl7.org/fhir/R4/search.html#date>).

use std::borrow::Cow;

use fhir::primitive::Temporal;
use fhir::{Issue, IssueCode};
use store::commit::Instant;
use store::entry::Span;
use store::query::Compare;

use super::prefix::prefix;
use crate::codes;

/// How a date compares, and with which interval: `2024` is the whole year. Without a zone it is taken as UTC.
///
/// `ap` widens the interval on both sides by a tenth of its distance from now.
pub(in crate::parse) fn date(name: &str, value: &str, now: Instant) -> Result<(Compare, Span), Issue> {
    let (compare, text) = prefix(name, value)?;
    let Some(parsed) = Temporal::parse(&with_plus(text)) else {
        let rule = format!(
            "a value of `{name}` is no date: it is written `2024`, `2024-02`, `2024-02-29` or `2024-02-29T08:15:00Z`, with a prefix or without"
        );
        return Err(Issue::error(codes::BAD_DATE, IssueCode::Value, "", rule));
    };
    let mut span = Span { first: parsed.first_ms(), last: parsed.last_ms() };
    if compare == Compare::Approximately {
        let tenth = now.saturating_sub(span.first).saturating_abs() / 10;
        span = Span { first: span.first.saturating_sub(tenth), last: span.last.saturating_add(tenth) };
    }
    Ok((compare, span))
}

/// The `+` of a zone arrives as a blank when a client did not encode it; no other blank can be in a date.
fn with_plus(text: &str) -> Cow<'_, str> {
    if text.contains('T') && text.contains(' ') { Cow::Owned(text.replace(' ', "+")) } else { Cow::Borrowed(text) }
}
