//! Relationships between concepts beside the hierarchy, with their groups: SNOMED's attributes.

use super::layout::Section;
use super::{Table, varint};
use crate::{Concept, ConceptSet};

/// What a relationship points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// A concept.
    Concept(Concept),
    /// A concrete value as it is written: a number, or a text.
    Value(&'a str),
}

/// A relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relation<'a> {
    /// Where it comes from.
    pub source: Concept,
    /// Its group; those of group 0 stand alone.
    pub group: u32,
    /// What kind it is: a concept.
    pub kind: Concept,
    /// Where it points.
    pub target: Target<'a>,
}

impl Table {
    /// The concepts that are kinds of relationship, ascending.
    pub fn relation_kinds(&self) -> impl Iterator<Item = Concept> + '_ {
        self.numbers(Section::RelationKinds).iter()
    }

    /// The relationships of a concept, by group, kind and target.
    pub fn relations(&self, source: Concept) -> impl Iterator<Item = Relation<'_>> {
        let kinds = self.numbers(Section::RelationKinds);
        let mut bytes = self.record(Section::Relations, source);
        std::iter::from_fn(move || {
            let group = varint::take(&mut bytes)? as u32;
            let kind = kinds.get(varint::take(&mut bytes)? as usize);
            Some(Relation { source, group, kind, target: self.target(varint::take(&mut bytes)?) })
        })
    }

    /// The relationships of a kind, by source, group and target.
    pub fn relations_of_kind(&self, kind: Concept) -> impl Iterator<Item = Relation<'_>> {
        let place = self.relation_kinds().position(|other| other == kind);
        let mut bytes = place.map_or(&[][..], |place| self.records(Section::RelationsByKind).get(place));
        let mut source = 0;
        std::iter::from_fn(move || {
            source += varint::take(&mut bytes)? as Concept;
            let group = varint::take(&mut bytes)? as u32;
            Some(Relation { source, group, kind, target: self.target(varint::take(&mut bytes)?) })
        })
    }

    /// The concepts from which a relationship of this kind points to one of `targets`.
    pub fn sources(&self, kind: Concept, targets: &ConceptSet) -> ConceptSet {
        let points = |relation: &Relation<'_>| matches!(relation.target, Target::Concept(target) if targets.contains(target));
        self.relations_of_kind(kind).filter(points).map(|relation| relation.source).collect()
    }

    /// An even number is a concept, an odd one a value.
    fn target(&self, number: u64) -> Target<'_> {
        let half = (number / 2) as u32;
        if number.is_multiple_of(2) {
            return Target::Concept(half);
        }
        Target::Value(std::str::from_utf8(self.records(Section::RelationValues).get(half as usize)).unwrap_or_default())
    }
}
