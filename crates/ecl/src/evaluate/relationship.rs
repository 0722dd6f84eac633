//! Relationships: which a name means, their groups, and the values at their ends.

use std::collections::HashMap;
use std::ops::ControlFlow;

use roaring::RoaringBitmap;

use super::Evaluation;
use super::value::ValueTest;
use crate::edition::{Concept, Relationship, RelationshipValue};
use crate::error::Error;
use crate::tree::{At, Focus, Operand};

/// The attributes that a name means; `None` for all.
pub(super) type Names = Option<RoaringBitmap>;

/// A group of relationships: the concept whose it is, and its number. Relationships that stand alone get numbers beyond those of groups.
pub(super) type GroupKey = (u32, u64);

/// By concept the groups from which matching relationships lead to it, one entry for each relationship.
pub(super) type Incoming = HashMap<u32, Vec<GroupKey>>;

/// Whether relationships of this type are meant.
pub(super) fn is_named(names: &Names, attribute: Concept) -> bool {
    names.as_ref().is_none_or(|names| names.contains(attribute.0))
}

/// Whether a value is what is wanted.
pub(super) fn is_met(test: &ValueTest, value: RelationshipValue<'_>) -> bool {
    match value {
        RelationshipValue::Concept(Concept(concept)) => test.concept(concept),
        RelationshipValue::Number(number) => test.number(number),
        RelationshipValue::Text(text) => test.text(text),
        RelationshipValue::Boolean(boolean) => test.boolean(boolean),
    }
}

impl Evaluation<'_> {
    pub(super) fn names(&self, name: &Operand) -> Result<Names, Error> {
        let is_plain = name.operator.is_none() && name.member_of.is_none() && name.filters.is_empty() && name.history.is_none();
        match name.focus {
            Focus::Any if is_plain && name.members.is_empty() => Ok(None),
            _ => Ok(Some(self.operand(name)?)),
        }
    }

    /// Shows each relationship of a concept with its group.
    pub(super) fn each_relationship(&self, concept: u32, at: At, mut see: impl FnMut(Relationship<'_>, GroupKey)) -> Result<(), Error> {
        let mut seen = 0_u64;
        self.edition.relationships(Concept(concept), &mut |relationship| {
            seen += 1;
            let number = if relationship.group == 0 { u64::from(u32::MAX) + seen } else { u64::from(relationship.group) };
            see(relationship, (concept, number));
            ControlFlow::Continue(())
        });
        self.budget.take(1 + seen, at)
    }

    /// The concepts that attributes of a set have as their values.
    pub(super) fn values(&self, set: &RoaringBitmap, attribute: &Operand) -> Result<RoaringBitmap, Error> {
        let names = self.names(attribute)?;
        let mut found = RoaringBitmap::new();
        for concept in set {
            self.each_relationship(concept, attribute.at, |relationship, _| {
                if let RelationshipValue::Concept(Concept(value)) = relationship.value
                    && is_named(&names, relationship.attribute)
                {
                    found.insert(value);
                }
            })?;
        }
        Ok(found)
    }

    /// The relationships that lead from the concepts of a value to others.
    pub(super) fn incoming(&self, names: &Names, value: &ValueTest, at: At) -> Result<Incoming, Error> {
        let sources = match value {
            ValueTest::Concepts(false, set) => set.clone(),
            ValueTest::Concepts(true, set) => self.edition.active() - set,
            _ => return Err(Error::meaning(at.0, "a reversed attribute leads to concepts: its value is a set of them")),
        };
        let mut incoming = Incoming::new();
        for source in sources {
            self.each_relationship(source, at, |relationship, group| {
                if let RelationshipValue::Concept(Concept(destination)) = relationship.value
                    && is_named(names, relationship.attribute)
                {
                    incoming.entry(destination).or_default().push(group);
                }
            })?;
        }
        Ok(incoming)
    }
}
