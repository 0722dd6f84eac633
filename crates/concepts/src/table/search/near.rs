//! Words that are near to a misspelt one.
//!
//! The sorted words are gone through like a tree: the table of distances (optimal string alignment: insert, delete, replace, swap neighbours)
//! has a row for each letter, and the rows of the letters that a word shares with the one before are kept. As soon as no entry of a row is small
//! enough, all words that begin so are passed over.

use crate::table::records::Records;

/// How far a word may be away, by its length in bytes.
fn most(length: usize) -> usize {
    match length {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

/// Hands the place of each word that is near to `wanted` to `take`, and how far it is away: never 0.
pub(super) fn each(words: Records<'_>, wanted: &[u8], mut take: impl FnMut(usize, usize)) {
    let most = most(wanted.len());
    if most == 0 {
        return;
    }
    let mut rows = Rows::new(wanted);
    let mut before: &[u8] = &[];
    // From this many letters on, all words that share them are too far away.
    let mut dead = usize::MAX;
    for place in 0..words.len() {
        let word = words.get(place);
        let shared = before.iter().zip(word).take_while(|(left, right)| left == right).count();
        before = word;
        if shared >= dead {
            continue;
        }
        dead = usize::MAX;
        rows.keep(shared);
        for letter in shared..word.len() {
            if rows.add(word, letter) > most {
                dead = letter + 1;
                break;
            }
        }
        if dead == usize::MAX && rows.distance() <= most {
            take(place, rows.distance());
        }
    }
}

struct Rows<'a> {
    wanted: &'a [u8],
    rows: Vec<u8>,
    width: usize,
}

impl<'a> Rows<'a> {
    fn new(wanted: &'a [u8]) -> Self {
        let width = wanted.len() + 1;
        Self { wanted, rows: (0..width as u8).collect(), width }
    }

    /// Keeps the rows of the first `letters`. Fewer may be there, when the word before was given up.
    fn keep(&mut self, letters: usize) {
        debug_assert!(self.rows.len() >= (letters + 1) * self.width);
        self.rows.truncate((letters + 1) * self.width);
    }

    /// Adds the row of a letter of `word`, and tells the smallest entry of it.
    fn add(&mut self, word: &[u8], letter: usize) -> usize {
        let above = letter * self.width;
        let byte = word[letter];
        self.rows.push(letter as u8 + 1);
        let mut smallest = letter as u8 + 1;
        for column in 1..self.width {
            let replaced = self.rows[above + column - 1] + u8::from(self.wanted[column - 1] != byte);
            let shorter = self.rows[above + column] + 1;
            let longer = self.rows[above + self.width + column - 1] + 1;
            let mut best = replaced.min(shorter).min(longer);
            let swapped = letter > 0 && column > 1 && self.wanted[column - 1] == word[letter - 1] && self.wanted[column - 2] == byte;
            if swapped {
                best = best.min(self.rows[above - self.width + column - 2] + 1);
            }
            self.rows.push(best);
            smallest = smallest.min(best);
        }
        usize::from(smallest)
    }

    /// The distance of the whole word whose last row was added.
    fn distance(&self) -> usize {
        usize::from(self.rows[self.rows.len() - 1])
    }
}
