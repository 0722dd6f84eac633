//! Sets of concepts, from the focus outwards: what it begins with, members, the operator, filters, history.

use roaring::RoaringBitmap;

use super::Evaluation;
use crate::edition::Concept;
use crate::error::Error;
use crate::tree::{ConceptFilter, ConceptReference, Concepts, Filter, Focus, Operand, VersionFilter};

impl Evaluation<'_> {
    pub(super) fn operand(&self, operand: &Operand) -> Result<RoaringBitmap, Error> {
        let mut set = match &operand.member_of {
            Some(_) => self.members_of(operand)?,
            None if !operand.members.is_empty() => {
                let message = "a filter of members has a meaning only behind \"^\" and a reference set";
                return Err(Error::meaning(operand.at.0, message));
            }
            None => self.focus(operand)?,
        };
        if let Some(operator) = operand.operator {
            set = self.apply(operator, set, operand.at)?;
        }
        for filter in &operand.filters {
            set = match filter {
                Filter::Description(filters) => self.with_description(set, filters, operand.at)?,
                Filter::Concept(filters) => self.with_state(set, filters, operand.at)?,
            };
        }
        match &operand.history {
            Some(history) => self.with_history(set, history, operand.at),
            None => Ok(set),
        }
    }

    /// What an operand begins with.
    pub(super) fn focus(&self, operand: &Operand) -> Result<RoaringBitmap, Error> {
        match &operand.focus {
            Focus::Concept(reference) => Ok(self.concept(reference)),
            Focus::Alternate(alternate) => {
                let found = self.edition.alternate(&alternate.scheme, &alternate.code);
                if found.is_none() {
                    self.note_unknown(format!("{}#{}", alternate.scheme, alternate.code));
                }
                Ok(found.into_iter().map(|Concept(concept)| concept).collect())
            }
            Focus::Any => {
                let all = self.edition.active();
                self.budget.merge(&all, operand.at)?;
                Ok(if asks_for_active(&operand.filters) { all | self.edition.inactive() } else { all })
            }
            Focus::Nested(constraint) => self.constraint(constraint),
        }
    }

    fn concept(&self, reference: &ConceptReference) -> RoaringBitmap {
        self.find(reference.id).into_iter().map(|Concept(concept)| concept).collect()
    }

    /// The concepts that a filter names.
    pub(super) fn concepts(&self, concepts: &Concepts) -> Result<RoaringBitmap, Error> {
        match concepts {
            Concepts::In(operand) => self.operand(operand),
            Concepts::Listed(references) => Ok(self.listed(references)),
        }
    }

    pub(super) fn listed(&self, references: &[ConceptReference]) -> RoaringBitmap {
        references.iter().filter_map(|reference| self.find(reference.id)).map(|Concept(concept)| concept).collect()
    }

    /// Whether an identifier is that of a concept in a set.
    pub(super) fn is_in(&self, sctid: u64, set: &RoaringBitmap) -> bool {
        self.edition.find(sctid).is_some_and(|Concept(concept)| set.contains(concept))
    }
}

fn asks_for_active(filters: &[Filter]) -> bool {
    let asks = |filter: &ConceptFilter| matches!(filter, ConceptFilter::Version(VersionFilter::Active(..)));
    filters.iter().any(|filter| matches!(filter, Filter::Concept(filters) if filters.iter().any(asks)))
}
