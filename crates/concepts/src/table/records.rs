//! Many pieces of bytes in one section: all of them one after the other, then where each begins, then how many there are.

use std::cmp::Ordering;
use std::io::{self, Write};
use std::ops::Range;

/// The pieces of a section, as they stand in the mapped file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Records<'a> {
    data: &'a [u8],
    /// `count + 1` places of four bytes.
    places: &'a [u8],
}

impl<'a> Records<'a> {
    /// The pieces of a section; `None` when it is not one.
    pub fn new(section: &'a [u8]) -> Option<Self> {
        let (rest, count) = section.split_last_chunk::<4>()?;
        let places = (u32::from_le_bytes(*count) as usize).checked_add(1)?.checked_mul(4)?;
        let (data, places) = rest.split_at_checked(rest.len().checked_sub(places)?)?;
        Some(Self { data, places })
    }

    /// How many there are.
    pub fn len(self) -> usize {
        (self.places.len() / 4).saturating_sub(1)
    }

    #[inline]
    fn place(self, index: usize) -> usize {
        let at = index * 4;
        let bytes = &self.places[at..at + 4];
        u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize
    }

    /// A piece.
    ///
    /// # Panics
    /// When `index` is not below [`Records::len`].
    #[inline]
    pub fn get(self, index: usize) -> &'a [u8] {
        &self.data[self.place(index)..self.place(index + 1)]
    }

    /// Of pieces in ascending order, the place of the first one that is not less than `wanted`.
    pub fn lower_bound(self, within: Range<usize>, wanted: impl Fn(&[u8]) -> Ordering) -> usize {
        let (mut low, mut high) = (within.start, within.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if wanted(self.get(middle)).is_lt() { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// Of pieces in ascending order, the places of those that begin with `prefix`.
    pub fn starting_with(self, prefix: &[u8]) -> Range<usize> {
        let all = 0..self.len();
        let start = self.lower_bound(all.clone(), |piece| piece.cmp(prefix));
        let end = self.lower_bound(start..all.end, |piece| if piece.starts_with(prefix) { Ordering::Less } else { piece.cmp(prefix) });
        start..end
    }
}

/// Writes such a section. Only the places are kept in memory: four bytes a piece.
pub struct RecordsWriter<W> {
    out: W,
    places: Vec<u8>,
    length: u64,
}

impl<W: Write> RecordsWriter<W> {
    /// A section that goes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, places: vec![0; 4], length: 0 }
    }

    /// How many pieces there are so far.
    pub fn len(&self) -> usize {
        self.places.len() / 4 - 1
    }

    /// Appends a piece.
    ///
    /// # Errors
    /// What `out` says, and `FileTooLarge` beyond four gibibytes.
    pub fn push(&mut self, piece: &[u8]) -> io::Result<()> {
        self.length += piece.len() as u64;
        let place = u32::try_from(self.length).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        self.places.extend_from_slice(&place.to_le_bytes());
        self.out.write_all(piece)
    }

    /// Appends empty pieces until there are `count`.
    ///
    /// # Errors
    /// What `out` says.
    pub fn fill(&mut self, count: usize) -> io::Result<()> {
        while self.len() < count {
            self.push(&[])?;
        }
        Ok(())
    }

    /// Writes where the pieces begin and how many there are, and gives `out` back.
    ///
    /// # Errors
    /// What `out` says.
    pub fn finish(mut self) -> io::Result<W> {
        let count = self.len() as u32;
        self.out.write_all(&self.places)?;
        self.out.write_all(&count.to_le_bytes())?;
        Ok(self.out)
    }
}
