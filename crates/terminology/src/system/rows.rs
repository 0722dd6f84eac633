//! Sets of rows, one bit for each, and walks through a hierarchy.

use crate::system::System;

/// A set of rows of one system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    words: Vec<u64>,
    count: u32,
}

impl Rows {
    /// No rows, with room for all of a system.
    pub fn none(of: u32) -> Self {
        Self { words: vec![0; of.div_ceil(64) as usize], count: 0 }
    }

    /// All rows of a system.
    pub fn all(of: u32) -> Self {
        let mut rows = Self::none(of);
        for row in 0..of {
            rows.insert(row);
        }
        rows
    }

    /// The rows for which a question is answered with yes.
    pub fn of(count: u32, mut question: impl FnMut(u32) -> bool) -> Self {
        let mut rows = Self::none(count);
        for row in (0..count).filter(|row| question(*row)) {
            rows.insert(row);
        }
        rows
    }

    /// Adds a row; whether it is new.
    pub fn insert(&mut self, row: u32) -> bool {
        let (word, bit) = place(row);
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        let is_new = self.words[word] & bit == 0;
        self.words[word] |= bit;
        self.count += u32::from(is_new);
        is_new
    }

    /// Whether a row is in it.
    pub fn contains(&self, row: u32) -> bool {
        let (word, bit) = place(row);
        self.words.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The rows in order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros();
                    rest &= rest - 1;
                    index as u32 * 64 + bit
                })
            })
        })
    }

    /// Keeps what is in both.
    pub fn intersect(&mut self, other: &Self) {
        for (index, word) in self.words.iter_mut().enumerate() {
            *word &= other.words.get(index).copied().unwrap_or(0);
        }
        self.recount();
    }

    /// The rows of a system that are not in it.
    pub fn complement(&self, of: u32) -> Self {
        Self::of(of, |row| !self.contains(row))
    }

    /// Its size in bytes.
    pub fn bytes(&self) -> usize {
        self.words.len() * 8 + size_of::<Self>()
    }

    fn recount(&mut self) {
        self.count = self.words.iter().map(|word| word.count_ones()).sum();
    }
}

fn place(row: u32) -> (usize, u64) {
    ((row / 64) as usize, 1 << (row % 64))
}

/// Everything below a row: each concept once, however many ways lead to it and whatever circles there are.
pub(super) fn below<S: System + ?Sized>(system: &S, row: u32) -> Rows {
    let mut found = Rows::none(system.rows().unwrap_or(0));
    let mut waiting = vec![row];
    while let Some(next) = waiting.pop() {
        system.children(next, &mut |child| {
            if found.insert(child) {
                waiting.push(child);
            }
        });
    }
    found
}

/// Everything above a row: each concept once, whatever circles there are.
pub(crate) fn above<S: System + ?Sized>(system: &S, row: u32) -> Rows {
    let mut found = Rows::none(system.rows().unwrap_or(0));
    let mut waiting = vec![row];
    while let Some(next) = waiting.pop() {
        system.parents(next, &mut |parent| {
            if found.insert(parent) {
                waiting.push(parent);
            }
        });
    }
    found
}

/// Whether a way leads up from `descendant` to `ancestor`.
pub(super) fn is_above<S: System + ?Sized>(system: &S, ancestor: u32, descendant: u32) -> bool {
    // It grows with the rows that are seen.
    let mut seen = Rows::default();
    let mut waiting = vec![descendant];
    while let Some(next) = waiting.pop() {
        let mut is_found = false;
        system.parents(next, &mut |parent| {
            is_found |= parent == ancestor;
            if seen.insert(parent) {
                waiting.push(parent);
            }
        });
        if is_found {
            return true;
        }
    }
    false
}
