//! Texts that could do harm where they are shown: HTML in strings and markdown (<http://hl7.org/fhir/R4/security.html#narrative>).

use fhir::definitions::{Element, ElementType, PrimitiveType, definitions};
use fhir::{IssueCode, Severity, Value};

use super::place::Place;
use super::walk::Walk;
use crate::codes;

/// A text: that it has nothing that looks like a tag of HTML. Nothing of the text is repeated.
pub(super) fn text<'a>(
    walk: &mut Walk<'_, 'a>,
    place: &Place<'_, 'a>,
    element: &'static Element,
    of: &'static ElementType,
    value: &'a Value,
) {
    if !matches!(definitions().get(of.id).primitive, Some(PrimitiveType::Markdown | PrimitiveType::String)) {
        return;
    }
    let is_array = matches!(value, Value::Array(_));
    for (index, item) in value.each().enumerate() {
        if item.as_str().is_some_and(has_tag) {
            let place = place.child(element.name, is_array.then_some(index), definitions().get(of.id), item);
            let message = "the text looks as if it had HTML in it, which does harm where it is shown unescaped: write < as &lt; in markdown, or leave the tag out";
            walk.report(codes::HTML_IN_TEXT, IssueCode::Security, Severity::Error, &place, message);
        }
    }
}

/// Whether something in it looks like the beginning or the end of an element: `<` and a letter, `/` or `!`, and a `>` later.
fn has_tag(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let rest = &text.as_bytes()[at + 1..];
        let begins = rest.first().is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?'));
        // A tag ends before the next one begins: so the search takes no longer than the text.
        let Some(end) = rest.iter().position(|byte| matches!(byte, b'>' | b'<')).filter(|end| begins && rest[*end] == b'>') else {
            return false;
        };
        // An address in brackets is markdown's own link.
        !rest[..end].contains(&b'@') && !rest[..end].windows(3).any(|letters| letters == b"://")
    })
}
