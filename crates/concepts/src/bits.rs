//! A bit for each concept, for sets that are built in no order.

use crate::{Concept, ConceptSet};

/// A set of concepts below a number that is known beforehand.
#[derive(Clone, Debug)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    /// No bit set, for `count` concepts.
    pub(crate) fn new(count: u32) -> Self {
        Self(vec![0; (count as usize).div_ceil(64)])
    }

    #[inline]
    pub(crate) fn set(&mut self, concept: Concept) {
        self.0[concept as usize / 64] |= 1 << (concept % 64);
    }

    /// The concepts, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Concept> + '_ {
        self.0.iter().enumerate().flat_map(|(index, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(index as Concept * 64 + bit)
            })
        })
    }

    pub(crate) fn to_set(&self) -> ConceptSet {
        ConceptSet::from_ascending(self.iter())
    }
}
