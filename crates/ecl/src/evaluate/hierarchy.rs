//! The operators of the hierarchy.

use roaring::RoaringBitmap;

use super::Evaluation;
use crate::edition::Concept;
use crate::error::Error;
use crate::tree::{At, Operator};

impl Evaluation<'_> {
    /// What an operator makes of a set: that of each of its concepts, together.
    pub(super) fn apply(&self, operator: Operator, set: RoaringBitmap, at: At) -> Result<RoaringBitmap, Error> {
        let edition = self.edition;
        Ok(match operator {
            Operator::DescendantOf => self.closure(&set, |concept| edition.descendants(concept), at)?,
            Operator::DescendantOrSelfOf => self.closure(&set, |concept| edition.descendants(concept), at)? | set,
            Operator::AncestorOf => self.closure(&set, |concept| edition.ancestors(concept), at)?,
            Operator::AncestorOrSelfOf => self.closure(&set, |concept| edition.ancestors(concept), at)? | set,
            Operator::ChildOf => self.union(&set, |concept| edition.children(concept), at)?,
            Operator::ChildOrSelfOf => self.union(&set, |concept| edition.children(concept), at)? | set,
            Operator::ParentOf => self.union(&set, |concept| edition.parents(concept), at)?,
            Operator::ParentOrSelfOf => self.union(&set, |concept| edition.parents(concept), at)? | set,
            Operator::Top => {
                let below = self.closure(&set, |concept| edition.descendants(concept), at)?;
                set - below
            }
            Operator::Bottom => {
                let above = self.closure(&set, |concept| edition.ancestors(concept), at)?;
                set - above
            }
        })
    }

    fn union(&self, set: &RoaringBitmap, related: impl Fn(Concept) -> RoaringBitmap, at: At) -> Result<RoaringBitmap, Error> {
        let mut union = RoaringBitmap::new();
        for concept in set {
            let more = related(Concept(concept));
            self.budget.merge(&more, at)?;
            union |= more;
        }
        Ok(union)
    }

    /// The union for a transitive relation: what is related to a concept that is in it already is in it too.
    fn closure(&self, set: &RoaringBitmap, related: impl Fn(Concept) -> RoaringBitmap, at: At) -> Result<RoaringBitmap, Error> {
        let mut union = RoaringBitmap::new();
        for concept in set {
            self.budget.take(1, at)?;
            if union.contains(concept) {
                continue;
            }
            let more = related(Concept(concept));
            self.budget.merge(&more, at)?;
            union |= more;
        }
        Ok(union)
    }
}
