//! Filters of descriptions.

use std::ops::ControlFlow;

use roaring::RoaringBitmap;

use super::Evaluation;
use super::dialect::DialectTest;
use super::term::{TermTest, folded};
use super::version::VersionTest;
use crate::edition::{Concept, Description};
use crate::error::Error;
use crate::sctid;
use crate::tree::{At, DescriptionFilter, DescriptionType, VersionFilter};

/// A filter whose sets have been evaluated.
enum Test<'a> {
    Term(bool, Vec<TermTest>),
    Language(bool, &'a [Box<str>]),
    Type(bool, Vec<u64>),
    TypeId(bool, RoaringBitmap),
    Dialect(bool, DialectTest),
    Id(bool, &'a [u64]),
    Version(VersionTest<'a>),
}

impl Evaluation<'_> {
    /// The concepts of a set that have a description which meets all filters.
    pub(super) fn with_description(&self, set: RoaringBitmap, filters: &[DescriptionFilter], at: At) -> Result<RoaringBitmap, Error> {
        let tests: Vec<Test<'_>> = filters.iter().map(|filter| self.description_test(filter)).collect::<Result<_, _>>()?;
        let asks_for_active = filters.iter().any(|filter| matches!(filter, DescriptionFilter::Version(VersionFilter::Active(..))));
        let has_terms = tests.iter().any(|test| matches!(test, Test::Term(..)));
        let mut found = RoaringBitmap::new();
        for concept in &set {
            let (mut steps, mut meets) = (1, false);
            self.edition.descriptions(Concept(concept), &mut |description| {
                // Folding a term is what takes long.
                steps += if has_terms { 2 + description.term.len() as u64 / 32 } else { 1 };
                meets = (description.active || asks_for_active) && self.description_meets(&tests, &description);
                if meets { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            self.budget.take(steps, at)?;
            if meets {
                found.insert(concept);
            }
        }
        Ok(found)
    }

    fn description_test<'t>(&self, filter: &'t DescriptionFilter) -> Result<Test<'t>, Error> {
        Ok(match filter {
            DescriptionFilter::Term(not, terms) => Test::Term(*not, terms.iter().map(TermTest::new).collect()),
            DescriptionFilter::Language(not, codes) => Test::Language(*not, codes),
            DescriptionFilter::Type(not, types) => Test::Type(*not, types.iter().map(|kind| type_id(*kind)).collect()),
            DescriptionFilter::TypeId(not, concepts) => Test::TypeId(*not, self.concepts(concepts)?),
            DescriptionFilter::Dialect(not, dialects, acceptability) => {
                Test::Dialect(*not, self.dialects_of_aliases(dialects, acceptability))
            }
            DescriptionFilter::DialectId(not, dialects, acceptability) => {
                Test::Dialect(*not, self.dialects_of_ids(dialects, acceptability))
            }
            DescriptionFilter::DialectIn(not, operand, acceptability) => {
                Test::Dialect(*not, self.dialects_in(&self.operand(operand)?, acceptability))
            }
            DescriptionFilter::Id(not, ids) => Test::Id(*not, ids),
            DescriptionFilter::Version(filter) => Test::Version(self.version_test(filter)?),
        })
    }

    fn description_meets(&self, tests: &[Test<'_>], description: &Description<'_>) -> bool {
        let mut term = None;
        tests.iter().all(|test| match test {
            Test::Term(not, terms) => {
                let term = term.get_or_insert_with(|| folded(description.term));
                terms.iter().any(|asked| asked.finds(term)) != *not
            }
            Test::Language(not, codes) => codes.iter().any(|code| **code == *description.language) != *not,
            Test::Type(not, types) => types.contains(&description.kind) != *not,
            Test::TypeId(not, set) => self.is_in(description.kind, set) != *not,
            Test::Dialect(not, dialects) => dialects.has(description.dialects) != *not,
            Test::Id(not, ids) => ids.contains(&description.id) != *not,
            Test::Version(test) => self.meets(test, description.active, description.module, description.effective_time),
        })
    }
}

fn type_id(kind: DescriptionType) -> u64 {
    match kind {
        DescriptionType::Synonym => sctid::SYNONYM,
        DescriptionType::FullySpecifiedName => sctid::FULLY_SPECIFIED_NAME,
        DescriptionType::Definition => sctid::DEFINITION,
    }
}
