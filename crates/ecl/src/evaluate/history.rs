//! Supplements from history: the inactive concepts that are said to be the same as, or near to, what was found.

use std::ops::ControlFlow;

use roaring::RoaringBitmap;

use super::Evaluation;
use crate::edition::{Concept, FieldValue};
use crate::error::Error;
use crate::sctid;
use crate::tree::{At, History};

impl Evaluation<'_> {
    /// The set with all inactive concepts that an active row of the associations leads from to one of its concepts.
    pub(super) fn with_history(&self, set: RoaringBitmap, history: &History, at: At) -> Result<RoaringBitmap, Error> {
        let known = |ids: &[u64]| ids.iter().filter_map(|id| self.edition.find(*id)).map(|Concept(concept)| concept).collect();
        let associations: RoaringBitmap = match history {
            History::Minimum => known(&sctid::MINIMUM_HISTORY),
            History::Moderate => known(&sctid::MODERATE_HISTORY),
            History::Maximum => {
                self.edition.find(sctid::HISTORICAL_ASSOCIATION).map(|all| self.edition.descendants(all)).unwrap_or_default()
            }
            History::Subset(constraint) => self.constraint(constraint)?,
        };
        let mut found = set.clone();
        for association in associations {
            let mut rows = 0;
            self.edition.members(Concept(association), &mut |member| {
                rows += 1;
                let leads_here = member.fields.iter().any(|(name, value)| {
                    matches!(value, FieldValue::Component(target) if *name == "targetComponentId" && self.is_in(*target, &set))
                });
                if member.active && leads_here {
                    let source = self.edition.find(member.referenced);
                    found.extend(source.filter(|source| !self.edition.state(*source).active).map(|Concept(source)| source));
                }
                ControlFlow::Continue(())
            });
            self.budget.take(rows, at)?;
        }
        Ok(found)
    }
}
