//! How well concepts fit a search: a byte for each, less is better.

use crate::table::layout::Section;
use crate::table::records::Records;
use crate::table::{Ascending, Found, Table};
use crate::{Concept, ConceptSet};

use super::near;

/// The concept does not fit.
const NO: u8 = u8::MAX;
/// The worst that a concept that fits can have.
const WORST: u8 = 63;
/// The concept has the code that was looked for.
const CODE: u8 = 0;
/// Every word costs nothing: the best that words can do, and what the beginning of a code is worth.
const WORDS: u8 = 1;

/// What a word costs, when it is not a whole word of the display.
const PREFIX: u8 = 1;
const OTHER_DESIGNATION: u8 = 2;
const MISSPELT: u8 = 6;

/// Displays of more words count as having so many.
const LONGEST: u8 = 63;

pub(super) struct Scores {
    scores: Vec<u8>,
    /// What the word costs that is being looked for, by concept.
    costs: Vec<u8>,
}

impl Scores {
    /// All of `count` concepts fit, or none.
    pub(super) fn new(count: u32, fit: bool) -> Self {
        Self { scores: vec![if fit { WORDS } else { NO }; count as usize], costs: vec![NO; count as usize] }
    }

    /// Only those that have this word fit any longer.
    pub(super) fn require(&mut self, table: &Table, word: &str) {
        self.costs.fill(NO);
        let words = table.records(Section::Words);
        let concepts = table.records(Section::WordConcepts);
        let beginning = words.starting_with(word.as_bytes());
        for place in beginning.clone() {
            let is_whole = words.get(place).len() == word.len();
            self.take(concepts, place, if is_whole { 0 } else { PREFIX });
        }
        if beginning.is_empty() {
            near::each(words, word.as_bytes(), |place, distance| self.take(concepts, place, MISSPELT + 3 * distance as u8));
        }
        for (score, &cost) in self.scores.iter_mut().zip(&self.costs) {
            *score = if cost == NO || *score == NO { NO } else { (*score + cost).min(WORST) };
        }
    }

    /// Notes the concepts of a word. What follows a concept's number in its last bit is whether the word is missing in its display.
    fn take(&mut self, concepts: Records<'_>, place: usize, cost: u8) {
        for entry in Ascending::new(concepts.get(place)) {
            let cost = if entry % 2 == 0 { cost } else { cost + OTHER_DESIGNATION };
            let best = &mut self.costs[entry as usize / 2];
            *best = cost.min(*best);
        }
    }

    pub(super) fn has_code_prefix(&mut self, concept: Concept) {
        let score = &mut self.scores[concept as usize];
        *score = WORDS.min(*score);
    }

    pub(super) fn has_code(&mut self, concept: Concept) {
        self.scores[concept as usize] = CODE;
    }

    /// Only those in the set fit any longer.
    pub(super) fn keep(&mut self, within: Option<&ConceptSet>) {
        let Some(within) = within else { return };
        for (concept, score) in self.scores.iter_mut().enumerate() {
            if *score != NO && !within.contains(concept as Concept) {
                *score = NO;
            }
        }
    }

    /// The concepts that fit.
    pub(super) fn found(&self) -> ConceptSet {
        ConceptSet::from_ascending(self.fitting().map(|(concept, _)| concept))
    }

    fn fitting(&self) -> impl Iterator<Item = (Concept, u8)> + '_ {
        self.scores.iter().enumerate().filter(|&(_, &score)| score != NO).map(|(concept, &score)| (concept as Concept, score))
    }

    /// A page, the best first. Concepts are counted by score and length of display first, so that only those up to the page's end are sorted.
    pub(super) fn page(&self, table: &Table, offset: usize, limit: usize) -> Found {
        let lengths = table.bytes(Section::DisplayLengths);
        let rank = |concept: Concept, score: u8| usize::from(score) << 6 | usize::from(lengths[concept as usize].min(LONGEST));
        let mut counts = vec![0usize; (usize::from(WORST) + 1) << 6];
        for (concept, score) in self.fitting() {
            counts[rank(concept, score)] += 1;
        }
        let total = counts.iter().sum();
        let end = offset.saturating_add(limit).min(total);
        if offset >= end {
            return Found { total, page: Vec::new() };
        }
        let mut before = 0;
        let last = counts.iter().position(|count| {
            before += count;
            before >= end
        });
        let last = last.unwrap_or(counts.len());
        let mut best: Vec<(usize, Concept)> =
            self.fitting().map(|(concept, score)| (rank(concept, score), concept)).filter(|(rank, _)| *rank <= last).collect();
        best.sort_unstable();
        Found { total, page: best[offset..end].iter().map(|(_, concept)| *concept).collect() }
    }
}
