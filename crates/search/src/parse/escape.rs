//! The separators of a search value and their escapes (<http://hl7.org/fhir/R4/search.html#escaping>).

use std::borrow::Cow;

use fhir::{Issue, IssueCode};

use crate::codes;

/// The parts of a value between separators that are not escaped. There is always at least one.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (index, letter) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if letter == '\\' {
            escaped = true;
        } else if letter == separator {
            parts.push(&text[start..index]);
            start = index + letter.len_utf8();
        }
    }
    parts.push(&text[start..]);
    parts
}

/// The text that a part stands for: `\,` is a comma.
pub(super) fn unescape<'a>(text: &'a str, name: &str) -> Result<Cow<'a, str>, Issue> {
    if !text.contains('\\') {
        return Ok(Cow::Borrowed(text));
    }
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some(escaped @ (',' | '|' | '$' | '\\')) => plain.push(escaped),
                _ => {
                    let rule =
                        format!(r"in `{name}` a backslash stands before `,`, `|`, `$` or `\` only: write a backslash itself as `\\`");
                    return Err(Issue::error(codes::BAD_ESCAPE, IssueCode::Value, "", rule));
                }
            },
            other => plain.push(other),
        }
    }
    Ok(Cow::Owned(plain))
}
