//! Search by text: which concepts have names with the words that a person typed.

use crate::system::{Concept, Rows, System};

/// The words of a search text, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchText {
    text: Box<str>,
    words: Vec<Box<str>>,
}

impl SearchText {
    /// The words of a text: what stands between characters that are neither letters nor digits. `None` when there are none.
    pub fn parse(text: &str) -> Option<Self> {
        let words: Vec<Box<str>> = words(text).map(|word| word.to_lowercase().into()).collect();
        (!words.is_empty()).then(|| Self { text: text.into(), words })
    }

    /// As it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The words, in lower case.
    pub fn words(&self) -> &[Box<str>] {
        &self.words
    }

    /// Whether each of the words is the beginning of some word of a name.
    pub fn matches(&self, name: &str) -> bool {
        self.words.iter().all(|wanted| words(name).any(|word| begins(word, wanted)))
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether a word begins with one in lower case.
fn begins(word: &str, wanted: &str) -> bool {
    let mut letters = word.chars().flat_map(char::to_lowercase);
    wanted.chars().all(|letter| letters.next() == Some(letter))
}

/// Goes through all names of all concepts.
pub(super) fn search<S: System + ?Sized>(system: &S, text: &SearchText) -> Rows {
    Rows::of(system.rows().unwrap_or(0), |row| {
        let concept = Concept::Row(row);
        let mut is_found = text.matches(&system.code(&concept));
        system.designations(&concept, &mut |designation| is_found = is_found || text.matches(designation.value));
        is_found
    })
}
