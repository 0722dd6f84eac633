//! Sets of concepts of one table.

use std::ops::{BitAnd, BitOr, Range, Sub};

use roaring::RoaringBitmap;

use crate::Concept;

/// A set of concepts of one table, compressed. Sets of different tables must not be mixed: a concept is its number there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConceptSet(RoaringBitmap);

impl ConceptSet {
    /// The set without concepts.
    pub fn new() -> Self {
        Self::default()
    }

    /// All concepts of a range.
    pub fn range(range: Range<Concept>) -> Self {
        let mut set = RoaringBitmap::new();
        set.insert_range(range);
        Self(set)
    }

    /// The concepts of an ascending iterator.
    ///
    /// # Panics
    /// When it does not ascend.
    pub fn from_ascending(concepts: impl IntoIterator<Item = Concept>) -> Self {
        Self(RoaringBitmap::from_sorted_iter(concepts).expect("the concepts ascend"))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len() as usize
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it has the concept.
    pub fn contains(&self, concept: Concept) -> bool {
        self.0.contains(concept)
    }

    /// Adds a concept; whether it is new.
    pub fn insert(&mut self, concept: Concept) -> bool {
        self.0.insert(concept)
    }

    /// Takes a concept out; whether it was there.
    pub fn remove(&mut self, concept: Concept) -> bool {
        self.0.remove(concept)
    }

    /// The concepts, in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = Concept> + '_ {
        self.0.iter()
    }

    /// The concepts from the place `offset` on, in the order of their codes: what a page begins with, found without going through what is before.
    pub fn iter_from(&self, offset: usize) -> impl Iterator<Item = Concept> + '_ {
        let first = u32::try_from(offset).ok().and_then(|offset| self.0.select(offset));
        first.into_iter().flat_map(|first| self.0.range(first..))
    }

    /// Whether all of its concepts are in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// Whether no concept is in both.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.0.is_disjoint(&other.0)
    }

    /// The same set as a bitmap.
    pub fn as_bitmap(&self) -> &RoaringBitmap {
        &self.0
    }

    /// The bitmap that it is.
    pub fn into_bitmap(self) -> RoaringBitmap {
        self.0
    }

    /// Adds all of another set.
    pub fn extend(&mut self, other: &Self) {
        self.0 |= &other.0;
    }
}

impl From<RoaringBitmap> for ConceptSet {
    fn from(bitmap: RoaringBitmap) -> Self {
        Self(bitmap)
    }
}

impl BitAnd for &ConceptSet {
    type Output = ConceptSet;

    /// What is in both.
    fn bitand(self, other: Self) -> ConceptSet {
        ConceptSet(&self.0 & &other.0)
    }
}

impl BitOr for &ConceptSet {
    type Output = ConceptSet;

    /// What is in either.
    fn bitor(self, other: Self) -> ConceptSet {
        ConceptSet(&self.0 | &other.0)
    }
}

impl Sub for &ConceptSet {
    type Output = ConceptSet;

    /// What is in this one and not in the other.
    fn sub(self, other: Self) -> ConceptSet {
        ConceptSet(&self.0 - &other.0)
    }
}

impl FromIterator<Concept> for ConceptSet {
    fn from_iter<I: IntoIterator<Item = Concept>>(concepts: I) -> Self {
        Self(concepts.into_iter().collect())
    }
}
