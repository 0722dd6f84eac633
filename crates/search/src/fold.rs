//! Texts as searches compare them (<http://hl7.org/fhir/R4/search.html#string>).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text without case, accents and width, each run of white space as one blank and none at the ends.
///
/// It is the compatibility decomposition (NFKD) without combining marks, in lower case: `Müller`, `MULLER` and `Ｍüller` are
/// all `muller`. Letters that do not decompose stay: `ø` is not `o`; but `ß` is `ss`, as its capitals are.
pub fn text(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        push_words(&mut folded, text.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
    } else {
        let letters = text.nfkd().filter(|&letter| !is_combining_mark(letter));
        // Lower case may bring marks of its own (İ), and capitals tell that ß is ss.
        let lower = letters.flat_map(char::to_lowercase).filter(|&letter| !is_combining_mark(letter));
        push_words(
            &mut folded,
            lower.flat_map(|letter| spelled_out(letter).chars().chain((spelled_out(letter).is_empty()).then_some(letter))),
        );
    }
    folded
}

/// What a letter is written as in capitals, when that is two letters; otherwise nothing.
fn spelled_out(letter: char) -> &'static str {
    match letter {
        'ß' => "ss",
        'ς' => "σ",
        _ => "",
    }
}

fn push_words(out: &mut String, letters: impl Iterator<Item = char>) {
    let mut gap = false;
    for letter in letters {
        if letter.is_whitespace() {
            gap = !out.is_empty();
        } else {
            if gap {
                out.push(' ');
                gap = false;
            }
            out.push(letter);
        }
    }
}

/// A code of a parameter that does not mind case: in lower case, otherwise as it is.
pub fn code(code: &str) -> String {
    code.to_lowercase()
}
