//! Whether one value passes a test.

use super::compare::{compare_dates, compare_numbers};
use super::distance::distance_mm;
use super::similarity::similarity;
use super::uri::{is_at_or_below, is_version_at_or_below};
use crate::entry::{EntryValue, Token};
use crate::query::Test;

/// Whether `value` passes `test`. A value of another type than the test's passes none.
///
/// - **token** (<http://hl7.org/fhir/R4/search.html#token>): code and system are compared as they stand, for both were folded
///   by the parameter's rule before. `AmongTokens` wants both: a token without a system is in no set, unless the set has it so.
/// - **string**: `StartsWith`, `Contains`, `EndsWith`, `Folded` and `Like` look at the folded text, `Exactly` at the exact one.
/// - **date, number**: [`compare_dates`], [`compare_numbers`].
/// - **quantity**: the number compares so *and* the unit is the one asked for; `ne` too asks for the unit.
/// - **uri**: equal as it stands; a version is compared only when one is asked for. `UriBelow` and `UriAbove` do not look at versions;
///   of `UriOfVersion` the version `1.0` is `1.0`, `1.0.3`, but not `1.01`.
/// - **composite** (<http://hl7.org/fhir/R4/search.html#composite>): each component passes its own test, and there are as many as tests.
/// - **point**: [`distance_mm`].
pub fn test(asked: &Test, value: &EntryValue) -> bool {
    match (asked, value) {
        (Test::Token { system, code }, EntryValue::Token(token)) => token_passes(system.as_deref(), code.as_deref(), token),
        (Test::AmongTokens(set), EntryValue::Token(token)) => set.contains(token),
        (Test::StartsWith(start), EntryValue::String(text)) => text.folded.starts_with(&**start),
        (Test::Contains(part), EntryValue::String(text)) => text.folded.contains(&**part),
        (Test::EndsWith(end), EntryValue::String(text)) => text.folded.ends_with(&**end),
        (Test::Folded(asked), EntryValue::String(text)) => text.folded == *asked,
        (Test::Exactly(asked), EntryValue::String(text)) => text.exact == asked.exact,
        (Test::Like { text: asked, least }, EntryValue::String(text)) => similarity(asked, &text.folded) >= *least,
        (Test::Near { lat, lon, distance_mm: most }, EntryValue::Point { lat: at_lat, lon: at_lon }) => {
            distance_mm((*lat, *lon), (*at_lat, *at_lon)) <= *most
        }
        (Test::Date(compare, asked), EntryValue::Date(span)) => compare_dates(*compare, *asked, *span),
        (Test::Number(compare, asked), EntryValue::Number(range)) => compare_numbers(*compare, asked, range),
        (Test::Quantity { compare, range, system, unit }, EntryValue::Quantity(quantity)) => {
            is_asked(system.as_deref(), &quantity.system)
                && is_asked(unit.as_deref(), &quantity.unit)
                && compare_numbers(*compare, range, &quantity.range)
        }
        (Test::Local(target), EntryValue::Local(local)) => local.target == *target,
        (Test::Uri { uri, version }, EntryValue::Uri(entry)) => entry.uri == *uri && is_asked(version.as_deref(), &entry.version),
        (Test::UriOfVersion { uri, below }, EntryValue::Uri(entry)) => entry.uri == *uri && is_version_at_or_below(&entry.version, below),
        (Test::UriBelow(base), EntryValue::Uri(entry)) => is_at_or_below(&entry.uri, base),
        (Test::UriAbove(uri), EntryValue::Uri(entry)) => is_at_or_below(uri, &entry.uri),
        (Test::Composite(tests), EntryValue::Composite(components)) => {
            tests.len() == components.len() && tests.iter().zip(components).all(|(each, component)| test(each, component))
        }
        (Test::Other(asked), value) => is_about(asked, value) && !test(asked, value),
        _ => false,
    }
}

/// Whether a test is about values of this type.
fn is_about(test: &Test, value: &EntryValue) -> bool {
    match test {
        Test::Token { .. } | Test::AmongTokens(_) => matches!(value, EntryValue::Token(_)),
        Test::StartsWith(_) | Test::Contains(_) | Test::EndsWith(_) | Test::Folded(_) | Test::Exactly(_) | Test::Like { .. } => {
            matches!(value, EntryValue::String(_))
        }
        Test::Date(..) => matches!(value, EntryValue::Date(_)),
        Test::Number(..) => matches!(value, EntryValue::Number(_)),
        Test::Quantity { .. } => matches!(value, EntryValue::Quantity(_)),
        Test::Local(_) => matches!(value, EntryValue::Local(_)),
        Test::Uri { .. } | Test::UriOfVersion { .. } | Test::UriBelow(_) | Test::UriAbove(_) => matches!(value, EntryValue::Uri(_)),
        Test::Composite(_) => matches!(value, EntryValue::Composite(_)),
        Test::Near { .. } => matches!(value, EntryValue::Point { .. }),
        Test::Other(inner) => is_about(inner, value),
    }
}

fn token_passes(system: Option<&str>, code: Option<&str>, token: &Token) -> bool {
    is_asked(system, &token.system) && is_asked(code, &token.code)
}

/// `None` asks for anything.
fn is_asked(asked: Option<&str>, found: &str) -> bool {
    asked.is_none_or(|asked| asked == found)
}
