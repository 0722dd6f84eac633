//! Searching for terms: by the beginnings of words, and by patterns. Case does not matter, nor do marks on letters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::tree::SearchTerm;

/// A search term, prepared for many terms.
pub(super) enum TermTest {
    /// The beginnings of words.
    Match(Vec<String>),
    /// The pieces of a pattern between its stars.
    Wild(Vec<String>),
}

/// A text without case and marks.
pub(super) fn folded(text: &str) -> String {
    text.nfkd().filter(|character| !is_combining_mark(*character)).flat_map(char::to_lowercase).collect()
}

/// The words of a folded text: letters and digits.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
}

impl TermTest {
    pub(super) fn new(term: &SearchTerm) -> Self {
        match term {
            SearchTerm::Match(asked) => Self::Match(asked.iter().map(|word| folded(word)).collect()),
            SearchTerm::Wild(pattern) => Self::Wild(pieces(pattern).iter().map(|piece| folded(piece)).collect()),
        }
    }

    /// Whether it finds a folded term.
    pub(super) fn finds(&self, term: &str) -> bool {
        match self {
            Self::Match(asked) => asked.iter().all(|asked| {
                let mut parts = words(asked).peekable();
                match parts.peek() {
                    Some(_) => parts.all(|part| words(term).any(|word| word.starts_with(part))),
                    // Signs alone are found as they are.
                    None => term.contains(asked.as_str()),
                }
            }),
            Self::Wild(pieces) => matches_pieces(pieces, term),
        }
    }
}

/// A pattern cut at its stars, its backslashes resolved.
fn pieces(pattern: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        let literal = match character {
            '*' => {
                pieces.push(String::new());
                continue;
            }
            '\\' => characters.next(),
            _ => Some(character),
        };
        if let Some(piece) = pieces.last_mut() {
            piece.extend(literal);
        }
    }
    pieces
}

/// The first piece begins the text, the last ends it, and the others stand between in their order: taking each as early as it can be is always right.
fn matches_pieces(pieces: &[String], text: &str) -> bool {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return false };
    if pieces.len() == 1 {
        return first == text;
    }
    let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
    for piece in &pieces[1..pieces.len() - 1] {
        match rest.find(piece.as_str()) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last.as_str())
}
