//! Texts that could do harm where they are shown: HTML in strings and markdown (<http://hl7.org/fhir/R4/security.html#narrative>).

use fhir::definitions::{Element, ElementType, PrimitiveType, definitions};
use fhir::{IssueCode, Severity, Value};

use super::place::Place;
use super::walk::Walk;
use crate::codes;

/// A text: that it has nothing that looks like a tag of HTML.
///
/// In markdown tags are an error only when they could run code; in other texts they are shown as they are by whoever does it right, so
/// they are a warning. Nothing of the text is repeated.
pub(super) fn text<'a>(
    walk: &mut Walk<'_, 'a>,
    place: &Place<'_, 'a>,
    element: &'static Element,
    of: &'static ElementType,
    value: &'a Value,
) {
    let primitive = definitions().get(of.id).primitive;
    let severity = match primitive {
        Some(PrimitiveType::Markdown) => Severity::Error,
        Some(PrimitiveType::String) => Severity::Warning,
        _ => return,
    };
    let is_array = matches!(value, Value::Array(_));
    for (index, item) in value.each().enumerate() {
        if item.as_str().is_some_and(has_tag) {
            let place = place.child(element.name, is_array.then_some(index), definitions().get(of.id), item);
            let message = "the text looks as if it had HTML in it, which does harm where it is shown unescaped: write < as &lt; in markdown, or leave the tag out";
            walk.report(codes::HTML_IN_TEXT, IssueCode::Security, severity, &place, message);
        }
    }
}

/// Whether something in it looks like the beginning or the end of an element: `<` and a letter, `/` or `!`, and a `>` later.
pub fn has_tag(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let rest = &text[at + 1..];
        let begins = rest.starts_with(|next: char| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'));
        // An address in brackets is markdown's own link.
        begins && rest.find('>').is_some_and(|end| !rest[..end].contains("://") && !rest[..end].contains('@'))
    })
}
