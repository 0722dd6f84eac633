//! Finding concepts by words of their displays and designations, and by the beginning of their codes.

mod near;
mod score;

use super::Table;
use crate::limits::MAX_QUERY_WORDS;
use crate::{Concept, ConceptSet, words};

use score::Scores;

/// What to look for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search<'a> {
    /// The words. Each must be in a display or designation of a concept, whole or as the beginning of a word, in any order, whatever the case
    /// and the marks. A word that is the beginning of none counts as a misspelling of those that are near to it. A text without a space also
    /// finds the codes that begin with it, from three characters on. An empty text finds everything, one without a word nothing.
    pub text: &'a str,
    /// Only concepts of this set are found.
    pub within: Option<&'a ConceptSet>,
    /// So many of the first ones are left out.
    pub offset: usize,
    /// So many are told at most.
    pub limit: usize,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// How many there are altogether.
    pub total: usize,
    /// Those of the page, the best first: the concept with this code; then those that have the words in their display, whole words before
    /// beginnings, then in other designations, then misspelt; among equals those with the shorter display, then in the order of codes.
    pub page: Vec<Concept>,
}

/// Shorter beginnings of codes are not looked for.
const MIN_CODE_PREFIX: usize = 3;

impl Table {
    /// Finds concepts, the best first.
    pub fn search(&self, search: &Search<'_>) -> Found {
        match self.scores(search.text) {
            None => self.everything(search),
            Some(mut scores) => {
                scores.keep(search.within);
                scores.page(self, search.offset, search.limit)
            }
        }
    }

    /// All concepts that [`Table::search`] would find, for combining with other sets.
    pub fn matching(&self, text: &str) -> ConceptSet {
        self.scores(text).map_or_else(|| self.all(), |scores| scores.found())
    }

    /// A page without a search: in the order of codes.
    fn everything(&self, search: &Search<'_>) -> Found {
        match search.within {
            Some(within) => Found { total: within.len(), page: within.iter_from(search.offset).take(search.limit).collect() },
            None => {
                let first = u32::try_from(search.offset).unwrap_or(u32::MAX).min(self.len());
                Found { total: self.len() as usize, page: (first..self.len()).take(search.limit).collect() }
            }
        }
    }

    /// How well each concept fits; `None` when the text is empty.
    fn scores(&self, text: &str) -> Option<Scores> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let wanted = words::of(text);
        let mut scores = Scores::new(self.len(), !wanted.is_empty());
        for word in wanted.iter().take(MAX_QUERY_WORDS) {
            scores.require(self, word);
        }
        if text.len() >= MIN_CODE_PREFIX && !text.contains(' ') {
            let (upper, lower) = (text.to_uppercase(), text.to_lowercase());
            for prefix in [text, &upper, &lower] {
                self.codes_starting_with(prefix).for_each(|concept| scores.has_code_prefix(concept));
            }
        }
        if let Some(concept) = self.find(text) {
            scores.has_code(concept);
        }
        Some(scores)
    }
}
