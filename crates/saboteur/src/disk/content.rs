//! What a file contains.
//!
//! The system writes a file back in sectors and in any order: when the power fails, each sector is as it was after some of the changes that
//! were not synced, and so is the length.

use super::Loss;
use crate::random::Random;

/// What a disk writes whole or not at all, in bytes.
const SECTOR: usize = 512;

/// What was asked of a file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change<'a> {
    Write { at: u64, bytes: &'a [u8] },
    Resize(u64),
}

/// A file.
#[derive(Default)]
pub(super) struct Content<'a> {
    sure: Vec<u8>,
    /// What is not sure, and since when it was asked for.
    pending: Vec<(u64, Change<'a>)>,
}

/// How many of the changes that are not sure have reached the disk.
enum Reached {
    /// The first of them, everywhere.
    First(usize),
    /// The first of them, and of the next one this many sectors.
    Torn(usize, usize),
    /// For each sector another number, for the length this one.
    Scattered(usize),
}

impl<'a> Content<'a> {
    pub(super) fn change(&mut self, now: u64, change: Change<'a>) {
        self.pending.push((now, change));
    }

    /// A sync has ended that began at this moment.
    pub(super) fn sync(&mut self, began: u64) {
        let count = self.pending.partition_point(|(at, _)| *at < began);
        for (_, change) in self.pending.drain(..count) {
            match change {
                Change::Resize(length) => self.sure.resize(length as usize, 0),
                Change::Write { at, bytes } => put(&mut self.sure, at as usize, bytes),
            }
        }
    }

    /// The content when the power fails now.
    pub(super) fn after(&self, loss: Loss, random: &mut Random) -> Vec<u8> {
        let all = self.pending.len();
        match loss {
            Loss::Nothing => self.reached(&Reached::First(all), random),
            Loss::Everything => self.sure.clone(),
            Loss::Some => {
                let reached = match random.below(5) {
                    0 => Reached::First(0),
                    1 => Reached::First(all),
                    2 => Reached::First(random.below(all + 1)),
                    3 => self.torn(random),
                    _ => Reached::Scattered(random.below(all + 1)),
                };
                self.reached(&reached, random)
            }
        }
    }

    fn torn(&self, random: &mut Random) -> Reached {
        let torn = random.below(self.pending.len());
        let sectors = match self.pending.get(torn) {
            Some((_, Change::Write { bytes, .. })) => bytes.len() / SECTOR,
            _ => 0,
        };
        Reached::Torn(torn, random.below(sectors + 1))
    }

    fn reached(&self, reached: &Reached, random: &mut Random) -> Vec<u8> {
        let lengths = match *reached {
            Reached::First(count) | Reached::Scattered(count) => count,
            // The length may be known before the bytes are there.
            Reached::Torn(count, _) => count + random.below(2),
        };
        let mut content = self.sure.clone();
        let mut by_sector = std::collections::HashMap::new();
        let mut length = content.len();
        for (index, (_, change)) in self.pending.iter().enumerate() {
            match *change {
                Change::Resize(to) if index < lengths => {
                    length = to as usize;
                    content.truncate(length);
                }
                Change::Resize(_) => {}
                Change::Write { at, bytes } => {
                    let at = at as usize;
                    if index < lengths {
                        length = length.max(at + bytes.len());
                    }
                    for (nth, (from, part)) in sectors(at, bytes).enumerate() {
                        let is_there = match *reached {
                            Reached::First(count) => index < count,
                            Reached::Torn(count, written) => index < count || index == count && nth < written,
                            Reached::Scattered(_) => {
                                index < *by_sector.entry(from / SECTOR).or_insert_with(|| random.below(self.pending.len() + 1))
                            }
                        };
                        if is_there {
                            put(&mut content, from, part);
                        }
                    }
                }
            }
        }
        content.resize(length, 0);
        content
    }
}

/// The bytes of a write, by the sectors that they are in, with where they begin.
fn sectors(at: usize, mut bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut from = at;
    std::iter::from_fn(move || {
        let (part, rest) = bytes.split_at(bytes.len().min(SECTOR - from % SECTOR));
        let found = (!part.is_empty()).then_some((from, part));
        from += part.len();
        bytes = rest;
        found
    })
}

/// Writes bytes into a file's content; what it did not have before them is zero.
fn put(content: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content[at..end].copy_from_slice(bytes);
}
