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
        let mut found = Vec::new();
        self.each(|concept, _| found.push(concept));
        ConceptSet::from_ascending(found)
    }

    /// Hands each concept that fits to `take`, in their order. Most searches fit few, so that eight that do not are passed over at once.
    #[inline]
    fn each(&self, mut take: impl FnMut(Concept, u8)) {
        for (eight, scores) in self.scores.chunks(8).enumerate() {
            if scores == [NO; 8] {
                continue;
            }
            for (place, &score) in scores.iter().enumerate().filter(|(_, score)| **score != NO) {
                take((eight * 8 + place) as Concept, score);
            }
        }
    }

    /// A page, the best first. Concepts are counted by score and length of display first, so that only those up to the page's end are sorted.
    pub(super) fn page(&self, table: &Table, offset: usize, limit: usize) -> Found {
        let lengths = table.bytes(Section::DisplayLengths);
        let rank = |concept: Concept, score: u8| usize::from(score) << 6 | usize::from(lengths[concept as usize].min(LONGEST));
        let mut counts = [0u32; (WORST as usize + 1) << 6];
        self.each(|concept, score| counts[rank(concept, score)] += 1);
        let total = counts.iter().map(|count| *count as usize).sum();
        let end = offset.saturating_add(limit).min(total);
        if offset >= end {
            return Found { total, page: Vec::new() };
        }
        // The rank that the page ends in, and how many of that rank are still on it: they come in the order of codes, so that these are the
        // first ones.
        let (mut last, mut before) = (0, 0);
        while before + (counts[last] as usize) < end {
            before += counts[last] as usize;
            last += 1;
        }
        let mut of_last = end - before;
        let mut best: Vec<(usize, Concept)> = Vec::with_capacity(end);
        self.each(|concept, score| {
            let rank = rank(concept, score);
            if rank < last || (rank == last && of_last > 0) {
                of_last -= usize::from(rank == last);
                best.push((rank, concept));
            }
        });
        best.sort_unstable();
        Found { total, page: best[offset..].iter().map(|(_, concept)| *concept).collect() }
    }
}
