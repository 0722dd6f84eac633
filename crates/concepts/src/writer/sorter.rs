//! Sorting more than memory holds: pieces of bytes go in in any order and come out in the order of their bytes.
//!
//! What fits into the budget is sorted in memory; more goes to temporary files, each sorted, that are merged in the end. The files have no name,
//! so that nothing is left when the process is killed.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::{Path, PathBuf};

use super::spill::{Pieces, Spill};
use crate::Failure;
use crate::limits::SORT_BUDGET_BYTES;

/// Takes the pieces.
pub struct Sorter {
    folder: PathBuf,
    budget: usize,
    bytes: Vec<u8>,
    /// The first bytes of each piece, for most comparisons, and where it stands.
    pieces: Vec<(u64, u32, u32)>,
    runs: Vec<Pieces>,
}

impl Sorter {
    /// A sorter that puts its temporary files into `folder`.
    pub fn new(folder: &Path) -> Self {
        Self::with_budget(folder, SORT_BUDGET_BYTES)
    }

    /// A sorter that keeps so many bytes in memory.
    pub fn with_budget(folder: &Path, budget: usize) -> Self {
        Self { folder: folder.to_owned(), budget, bytes: Vec::new(), pieces: Vec::new(), runs: Vec::new() }
    }

    /// Takes a piece.
    ///
    /// # Errors
    /// That a temporary file cannot be written.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), Failure> {
        if self.bytes.len() + piece.len() + (self.pieces.len() + 1) * 16 > self.budget && !self.pieces.is_empty() {
            self.spill()?;
        }
        let mut first = [0; 8];
        let most = piece.len().min(8);
        first[..most].copy_from_slice(&piece[..most]);
        self.pieces.push((u64::from_be_bytes(first), self.bytes.len() as u32, piece.len() as u32));
        self.bytes.extend_from_slice(piece);
        Ok(())
    }

    fn sort(&mut self) {
        let bytes = &self.bytes;
        let whole = |&(_, start, length): &(u64, u32, u32)| &bytes[start as usize..(start + length) as usize];
        self.pieces.sort_unstable_by(|left, right| left.0.cmp(&right.0).then_with(|| whole(left).cmp(whole(right))));
    }

    fn spill(&mut self) -> Result<(), Failure> {
        self.sort();
        let mut run = Spill::new(&self.folder)?;
        for &(_, start, length) in &self.pieces {
            run.push(&self.bytes[start as usize..(start + length) as usize])?;
        }
        self.runs.push(run.pieces()?);
        self.bytes.clear();
        self.pieces.clear();
        Ok(())
    }

    /// The pieces in order.
    ///
    /// # Errors
    /// That a temporary file cannot be read.
    pub fn finish(mut self) -> Result<Sorted, Failure> {
        self.sort();
        let mut sorted = Sorted { heap: BinaryHeap::new(), runs: self.runs, bytes: self.bytes, pieces: self.pieces, at: 0 };
        for run in 0..sorted.runs.len() + 1 {
            sorted.refill(run, Vec::new())?;
        }
        Ok(sorted)
    }
}

/// Hands the pieces out, each as often as it went in.
pub struct Sorted {
    /// The next piece of each run.
    heap: BinaryHeap<Reverse<(Vec<u8>, usize)>>,
    runs: Vec<Pieces>,
    /// The last run, which stayed in memory.
    bytes: Vec<u8>,
    pieces: Vec<(u64, u32, u32)>,
    at: usize,
}

impl Sorted {
    /// The next piece into `piece`; whether there was one.
    ///
    /// # Errors
    /// That a temporary file cannot be read.
    pub fn next(&mut self, piece: &mut Vec<u8>) -> Result<bool, Failure> {
        if self.runs.is_empty() {
            let Some(&(_, start, length)) = self.pieces.get(self.at) else { return Ok(false) };
            self.at += 1;
            piece.clear();
            piece.extend_from_slice(&self.bytes[start as usize..(start + length) as usize]);
            return Ok(true);
        }
        let Some(Reverse((next, run))) = self.heap.pop() else { return Ok(false) };
        let used = std::mem::replace(piece, next);
        self.refill(run, used)?;
        Ok(true)
    }

    /// Puts the next piece of a run into the heap, in a buffer that is not needed any more.
    fn refill(&mut self, run: usize, mut buffer: Vec<u8>) -> Result<(), Failure> {
        buffer.clear();
        let is_merging = !self.runs.is_empty();
        let is_there = match self.runs.get_mut(run) {
            Some(pieces) => pieces.next(&mut buffer)?,
            None => is_merging && self.take_from_memory(&mut buffer),
        };
        if is_there {
            self.heap.push(Reverse((buffer, run)));
        }
        Ok(())
    }

    fn take_from_memory(&mut self, buffer: &mut Vec<u8>) -> bool {
        let Some(&(_, start, length)) = self.pieces.get(self.at) else { return false };
        self.at += 1;
        buffer.extend_from_slice(&self.bytes[start as usize..(start + length) as usize]);
        true
    }
}

#[cfg(test)]
mod tests;
