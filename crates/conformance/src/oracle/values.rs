//! What a query's value is made of.

/// The parts between separators that have no backslash before them, still escaped.
pub(super) fn split(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == separator {
            parts.push(String::new());
            continue;
        }
        let last = parts.len() - 1;
        parts[last].push(letter);
        if letter == '\\' {
            parts[last].extend(letters.next());
        }
    }
    parts
}

/// The text without its escapes.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        out.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    out
}

/// The prefix, `eq` when there is none, and the rest.
pub(super) fn prefix(text: &str) -> (&str, &str) {
    match text.get(..2).filter(|start| start.bytes().all(|byte| byte.is_ascii_lowercase())) {
        Some(start) => (start, &text[2..]),
        None => ("eq", text),
    }
}
