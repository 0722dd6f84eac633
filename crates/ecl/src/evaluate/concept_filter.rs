//! Filters of concepts.

use roaring::RoaringBitmap;

use super::Evaluation;
use super::version::VersionTest;
use crate::edition::{Concept, ConceptState};
use crate::error::Error;
use crate::sctid;
use crate::tree::{At, ConceptFilter, DefinitionStatus};

enum Test<'a> {
    Definition(bool, &'a [DefinitionStatus]),
    DefinitionId(bool, RoaringBitmap),
    Version(VersionTest<'a>),
}

impl Evaluation<'_> {
    /// The concepts of a set that meet all filters.
    pub(super) fn with_state(&self, mut set: RoaringBitmap, filters: &[ConceptFilter], at: At) -> Result<RoaringBitmap, Error> {
        let tests: Vec<Test<'_>> = filters.iter().map(|filter| self.concept_test(filter)).collect::<Result<_, _>>()?;
        self.budget.take(set.len(), at)?;
        let removed: RoaringBitmap = set
            .iter()
            .filter(|concept| {
                let state = self.edition.state(Concept(*concept));
                !tests.iter().all(|test| self.state_meets(test, state))
            })
            .collect();
        set -= removed;
        Ok(set)
    }

    fn concept_test<'t>(&self, filter: &'t ConceptFilter) -> Result<Test<'t>, Error> {
        Ok(match filter {
            ConceptFilter::Definition(not, statuses) => Test::Definition(*not, statuses),
            ConceptFilter::DefinitionId(not, concepts) => Test::DefinitionId(*not, self.concepts(concepts)?),
            ConceptFilter::Version(filter) => Test::Version(self.version_test(filter)?),
        })
    }

    fn state_meets(&self, test: &Test<'_>, state: ConceptState) -> bool {
        let (status, id) = match state.defined {
            true => (DefinitionStatus::Defined, sctid::DEFINED),
            false => (DefinitionStatus::Primitive, sctid::PRIMITIVE),
        };
        match test {
            Test::Definition(not, statuses) => statuses.contains(&status) != *not,
            Test::DefinitionId(not, set) => self.is_in(id, set) != *not,
            Test::Version(test) => self.meets(test, state.active, state.module, state.effective_time),
        }
    }
}
