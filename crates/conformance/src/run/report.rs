//! What a run did.

use std::collections::BTreeMap;

use super::answer::Answer;
use crate::matrix::{Cell, Form};

/// How many differences a worker reports before it stops.
const MOST_DIFFERENCES: usize = 5;

/// What a run did.
#[derive(Debug, Default)]
pub struct Report {
    /// Searches made, the pages after the first included.
    pub queries: u64,
    /// Searches that were refused: each engine refused them with the same words.
    pub refused: u64,
    /// For each kind of refusal the first search that met it.
    pub refusals: BTreeMap<String, String>,
    /// Answers whose content the oracle could judge.
    pub judged: u64,
    /// Resources that were found.
    pub found: u64,
    /// What went wrong: answers in which the engines differ from each other or from the oracle, with the search and its seed. Not all, when there are many.
    pub differences: Vec<String>,
    /// For each place of the matrix what its searches saw.
    pub cells: BTreeMap<Cell, Hits>,
}

/// What the searches for a place of the matrix saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// How many there were.
    pub asked: u64,
    /// Whether one found something.
    pub matched: bool,
    /// Whether one passed something over.
    pub missed: bool,
}

impl Report {
    /// Adds what another run did.
    pub fn add(&mut self, other: Self) {
        self.queries += other.queries;
        self.refused += other.refused;
        self.judged += other.judged;
        self.refusals.extend(other.refusals);
        self.found += other.found;
        self.cells.extend(other.cells);
        self.differences.extend(other.differences);
    }

    /// Whether enough went wrong to stop.
    pub(super) fn is_full(&self) -> bool {
        self.differences.len() >= MOST_DIFFERENCES
    }

    /// The places of the matrix of which `is_so` is true.
    pub fn cells_where(&self, is_so: impl Fn(&Hits) -> bool) -> Vec<Cell> {
        self.cells.iter().filter(|(_, hits)| is_so(hits)).map(|(cell, _)| *cell).collect()
    }
}

impl Hits {
    pub(super) fn add(&mut self, cell: &Cell, seen: &Answer, of_kind: usize) {
        self.asked += 1;
        match cell.form {
            Form::Sort | Form::SortDescending => {
                self.matched |= seen.matches.len() > 1;
                self.missed = true;
            }
            Form::Include | Form::Revinclude => {
                self.matched |= !seen.included.is_empty();
                self.missed = true;
            }
            _ => {
                self.matched |= !seen.matches.is_empty();
                self.missed |= seen.matches.len() < of_kind;
            }
        }
    }

    pub(super) fn is_complete(&self) -> bool {
        self.matched && self.missed
    }
}
