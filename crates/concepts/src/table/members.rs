//! Reference sets: named sets of concepts that the code system itself brings.

use super::layout::Section;
use super::{Ascending, Table};
use crate::{Concept, ConceptSet};

impl Table {
    /// The concepts that are reference sets with members, ascending.
    pub fn member_sets(&self) -> impl Iterator<Item = Concept> + '_ {
        self.numbers(Section::MemberSets).iter()
    }

    /// The members of a reference set; empty when it has none or is none.
    pub fn members(&self, set: Concept) -> ConceptSet {
        let place = self.member_sets().position(|other| other == set);
        place.map_or_else(ConceptSet::new, |place| ConceptSet::from_ascending(Ascending::new(self.records(Section::Members).get(place))))
    }
}
