//! Texts as searches compare them (<http://hl7.org/fhir/R4/search.html#string>).

use store::entry::Text;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text without case, accents and width, each run of white space as one blank and none at the ends.
///
/// It is the compatibility decomposition (NFKD) without combining marks, in lower case: `Müller`, `MULLER` and `Ｍüller` are
/// all `muller`. Letters that do not decompose stay: `ø` is not `o`; but `ß` is `ss`, as its capitals are.
pub fn text(text: &str) -> String {
    let mut words = Words { text: String::with_capacity(text.len()), gap: false };
    if text.is_ascii() {
        text.bytes().for_each(|byte| words.push(char::from(byte.to_ascii_lowercase())));
        return words.text;
    }
    // Lower case may bring marks of its own (İ), so they are taken out after it.
    for letter in text.nfkd().flat_map(char::to_lowercase).filter(|&letter| !is_combining_mark(letter)) {
        match letter {
            'ß' => "ss".chars().for_each(|letter| words.push(letter)),
            'ς' => words.push('σ'),
            letter => words.push(letter),
        }
    }
    words.text
}

/// The two forms in which a text is compared, bounded.
pub fn forms(exact: &str) -> Text {
    let exact = bounded(exact);
    Text { folded: bounded(&text(exact)).into(), exact: exact.into() }
}

/// A text that is put together, with one blank for each run of white space inside it.
struct Words {
    text: String,
    gap: bool,
}

impl Words {
    fn push(&mut self, letter: char) {
        if letter.is_whitespace() {
            self.gap = !self.text.is_empty();
            return;
        }
        if std::mem::take(&mut self.gap) {
            self.text.push(' ');
        }
        self.text.push(letter);
    }
}

/// A code of a parameter that does not mind case: in lower case, otherwise as it is.
pub fn code(code: &str) -> String {
    code.to_lowercase()
}

/// How much of a text is compared: what stands beyond is neither indexed nor searched for. It keeps the keys of an index within bounds.
pub const MAX_BYTES: usize = 4096;

/// The beginning of a text, up to [`MAX_BYTES`].
pub fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_BYTES)]
}
