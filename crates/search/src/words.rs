//! Texts as words: what `:text`, `_text` and `_content` look for.
//!
//! A word is a run of letters and digits of the folded text ([`crate::fold::text`]). A text is indexed as its words, each once, and as the
//! row of them, with a blank before each and one at the end, in pieces that overlap: a word is found by a seek, and a phrase in the row.

use std::collections::BTreeSet;

use store::entry::{EntryValue, Text};

use crate::fold;

/// How many bytes of a word are compared.
const MAX_WORD_BYTES: usize = 64;
/// How many words a phrase may have.
pub(crate) const MAX_PHRASE: usize = 8;
/// How many words a piece of a row has.
const PIECE: usize = 64;

/// The words of a text, folded, in their order.
pub(crate) fn words(text: &str) -> Vec<String> {
    let folded = fold::text(text);
    let parts = folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    parts.map(|word| word[..word.floor_char_boundary(MAX_WORD_BYTES)].to_owned()).collect()
}

/// What texts are found by, at most `limit` words of them.
#[derive(Default)]
pub(crate) struct Index {
    words: BTreeSet<String>,
    rows: BTreeSet<String>,
    /// Whether something was left out.
    pub(crate) is_cut: bool,
}

impl Index {
    /// Takes in a text; nothing of it once there are `limit` words.
    pub(crate) fn add(&mut self, text: &str, limit: usize) {
        let words = words(text);
        let mut start = 0;
        while words.len() > 1 {
            if self.rows.len() > limit.div_ceil(PIECE - MAX_PHRASE) {
                self.is_cut = true;
                break;
            }
            let end = words.len().min(start + PIECE);
            self.rows.insert(row(&words[start..end], true));
            if end == words.len() {
                break;
            }
            start = end - MAX_PHRASE;
        }
        for word in words {
            if self.words.len() < limit {
                self.words.insert(word);
            } else if !self.words.contains(&word) {
                self.is_cut = true;
                break;
            }
        }
    }

    /// Appends the entries.
    pub(crate) fn push(self, out: &mut Vec<EntryValue>) {
        let texts = self.words.into_iter().chain(self.rows);
        out.extend(texts.map(|text| EntryValue::String(whole(&text))));
    }
}

/// The entry of a word.
pub(crate) fn whole(word: &str) -> Text {
    Text { folded: word.into(), exact: word.into() }
}

/// Words in a row, with a blank before each; and with one at the end when the last is whole.
pub(crate) fn row(words: &[String], is_whole: bool) -> String {
    let mut row: String = words.iter().flat_map(|word| [" ", word]).collect();
    if is_whole {
        row.push(' ');
    }
    row
}
