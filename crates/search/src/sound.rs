//! How words sound, so that names are found however they are spelled: Cologne phonetics for German, Double Metaphone for what has
//! English and other European spellings.

mod cologne;
mod metaphone;

/// The system of codes of Cologne phonetics.
pub const COLOGNE: &str = "cologne";
/// The system of codes of Double Metaphone.
pub const METAPHONE: &str = "metaphone";

/// The codes of a folded word, each with its system: one or two of Double Metaphone, one of Cologne phonetics. A word without a Latin letter
/// has none.
pub fn codes(word: &str) -> Vec<(&'static str, String)> {
    let letters: Vec<char> = word.chars().filter_map(plain).collect();
    let (first, second) = metaphone::codes(&letters);
    let mut codes = vec![(COLOGNE, cologne::code(&letters)), (METAPHONE, first)];
    if codes.iter().all(|(_, code)| *code != second) {
        codes.push((METAPHONE, second));
    }
    codes.retain(|(_, code)| !code.is_empty());
    codes
}

/// A Latin letter as a capital without marks; `None` for what is none.
fn plain(letter: char) -> Option<char> {
    match letter {
        'a'..='z' | 'A'..='Z' => Some(letter.to_ascii_uppercase()),
        'ø' => Some('O'),
        'ł' => Some('L'),
        'đ' | 'ð' => Some('D'),
        'þ' => Some('T'),
        'ı' => Some('I'),
        'æ' | 'œ' => Some('E'),
        _ => None,
    }
}
