//! Lists of concepts in ascending order, each as the distance from the one before.

use super::varint;
use crate::Concept;

/// Appends `concept` to a list whose last one is `last` (`None`: the list is empty).
pub fn put(bytes: &mut Vec<u8>, last: Option<Concept>, concept: Concept) {
    varint::put(bytes, u64::from(last.map_or(concept, |last| concept - last)));
}

/// The concepts of a list, in ascending order.
#[derive(Clone, Debug, Default)]
pub struct Ascending<'a> {
    bytes: &'a [u8],
    last: Concept,
}

impl<'a> Ascending<'a> {
    /// The list that these bytes are.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, last: 0 }
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

impl Iterator for Ascending<'_> {
    type Item = Concept;

    #[inline]
    fn next(&mut self) -> Option<Concept> {
        // The first distance is from zero, which is the concept itself.
        let distance = varint::take(&mut self.bytes)?;
        self.last = self.last.wrapping_add(distance as Concept);
        Some(self.last)
    }
}
