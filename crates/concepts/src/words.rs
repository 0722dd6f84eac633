//! Texts as the words that searching compares: small letters without marks.
//!
//! A word is a run of letters and digits. Letters are decomposed (NFKD), lose their marks and become small; a few that do not decompose are
//! spelt out. An apostrophe inside of a word is left out, so that "Crohn's" is found by "crohns". Scripts without spaces (Han, Kana) have one
//! word a character.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer words are cut, in bytes.
const MAX_WORD_BYTES: usize = 64;

/// Hands each word of `text` to `take`, in order.
pub(crate) fn each(text: &str, mut take: impl FnMut(&str)) {
    let mut word = String::new();
    if text.is_ascii() {
        text.bytes().for_each(|byte| letter(char::from(byte), &mut word, &mut take));
    } else {
        text.nfkd().filter(|&character| !is_combining_mark(character)).for_each(|character| letter(character, &mut word, &mut take));
    }
    end(&mut word, &mut take);
}

/// The words of `text`, in order.
pub(crate) fn of(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each(text, |word| words.push(word.to_owned()));
    words
}

fn letter(character: char, word: &mut String, take: &mut impl FnMut(&str)) {
    match character {
        '\'' | '’' | 'ʼ' => {}
        _ if stands_alone(character) => {
            end(word, take);
            word.push(character);
            end(word, take);
        }
        'a'..='z' | '0'..='9' => push(word, character),
        'A'..='Z' => push(word, character.to_ascii_lowercase()),
        'ß' | 'ẞ' => spell(word, "ss"),
        'æ' | 'Æ' => spell(word, "ae"),
        'œ' | 'Œ' => spell(word, "oe"),
        'ø' | 'Ø' => push(word, 'o'),
        'ł' | 'Ł' => push(word, 'l'),
        'đ' | 'Đ' | 'ð' | 'Ð' => push(word, 'd'),
        'þ' | 'Þ' => spell(word, "th"),
        'ı' => push(word, 'i'),
        _ if character.is_alphanumeric() => character.to_lowercase().for_each(|small| push(word, small)),
        _ => end(word, take),
    }
}

fn spell(word: &mut String, letters: &str) {
    letters.chars().for_each(|letter| push(word, letter));
}

fn push(word: &mut String, character: char) {
    if word.len() + character.len_utf8() <= MAX_WORD_BYTES {
        word.push(character);
    }
}

fn end(word: &mut String, take: &mut impl FnMut(&str)) {
    if !word.is_empty() {
        take(word);
        word.clear();
    }
}

/// Whether a character of this script is a word by itself: Hiragana, Katakana and Han.
fn stands_alone(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
