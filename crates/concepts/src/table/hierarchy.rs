//! Who is above and below whom.
//!
//! Each concept has a rank: its place when the hierarchy is walked as a tree, in which each concept hangs from one of its parents only. What is
//! below a concept is then one range of ranks, and some more for what hangs elsewhere in the tree. Whether one concept is above another is a
//! search among those ranges. (R. Agrawal, A. Borgida, H. V. Jagadish: "Efficient management of transitive relationships in large data and
//! knowledge bases", SIGMOD 1989.)

use super::layout::Section;
use super::{Ascending, Table};
use crate::bits::Bits;
use crate::{Concept, ConceptSet};

impl Table {
    /// Whether the code system has a hierarchy.
    pub fn has_hierarchy(&self) -> bool {
        !self.bytes(Section::Ranks).is_empty()
    }

    /// The parents of a concept, ascending.
    pub fn parents(&self, concept: Concept) -> Ascending<'_> {
        Ascending::new(self.record(Section::Parents, concept))
    }

    /// The children of a concept, ascending.
    pub fn children(&self, concept: Concept) -> Ascending<'_> {
        Ascending::new(self.record(Section::Children, concept))
    }

    /// The concepts without parents.
    pub fn roots(&self) -> ConceptSet {
        ConceptSet::from_ascending((0..self.count).filter(|&concept| self.parents(concept).is_empty()))
    }

    /// The concepts above a concept, without itself.
    pub fn ancestors(&self, concept: Concept) -> ConceptSet {
        let mut found = ConceptSet::new();
        let mut waiting: Vec<Concept> = self.parents(concept).collect();
        while let Some(next) = waiting.pop() {
            if found.insert(next) {
                waiting.extend(self.parents(next));
            }
        }
        found
    }

    /// The concepts below a concept, without itself.
    pub fn descendants(&self, concept: Concept) -> ConceptSet {
        self.below([concept], false)
    }

    /// The concepts below any of these; with `and_self`, these too.
    pub fn below(&self, concepts: impl IntoIterator<Item = Concept>, and_self: bool) -> ConceptSet {
        let mut found = Bits::new(self.count);
        let by_rank = self.numbers(Section::Ranks);
        for concept in concepts {
            if and_self {
                found.set(concept);
            }
            for (start, end) in self.ranges(concept) {
                for rank in start..end {
                    found.set(by_rank.get(self.count as usize + rank as usize));
                }
            }
        }
        found.to_set()
    }

    /// Whether `above` is an ancestor of `below`. No concept is its own ancestor.
    pub fn is_ancestor(&self, above: Concept, below: Concept) -> bool {
        assert!(above.max(below) < self.count, "the table has {} concepts", self.count);
        if !self.has_hierarchy() {
            return false;
        }
        let rank = self.numbers(Section::Ranks).get(below as usize);
        let ranges = self.record(Section::Ranges, above);
        let (mut low, mut high) = (0, ranges.len() / 8);
        while low < high {
            let middle = (low + high) / 2;
            let (start, end) = range(ranges, middle);
            if end <= rank {
                low = middle + 1;
            } else if rank < start {
                high = middle;
            } else {
                return true;
            }
        }
        false
    }

    /// The ranks below a concept.
    fn ranges(&self, concept: Concept) -> impl Iterator<Item = (u32, u32)> + '_ {
        let ranges = self.record(Section::Ranges, concept);
        (0..ranges.len() / 8).map(move |index| range(ranges, index))
    }
}

fn range(ranges: &[u8], index: usize) -> (u32, u32) {
    let bytes = &ranges[index * 8..index * 8 + 8];
    (u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]), u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]))
}
