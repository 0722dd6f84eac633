//! Filters of concepts: `conceptFilter` in the grammar.

use super::Cursor;
use crate::error::Error;
use crate::tree::{ConceptFilter, DefinitionStatus};

impl Cursor<'_> {
    pub(super) fn concept_filter(&mut self) -> Result<ConceptFilter, Error> {
        if self.takes_word("definitionStatusId") {
            return Ok(ConceptFilter::DefinitionId(self.equality()?, self.concepts()?));
        }
        if self.takes_word("definitionStatus") {
            let not = self.equality()?;
            return Ok(ConceptFilter::Definition(not, self.one_or_more(Self::definition_status)?));
        }
        match self.version_filter()? {
            Some(filter) => Ok(ConceptFilter::Version(filter)),
            None => Err(self.unexpected("a filter of concepts")),
        }
    }

    fn definition_status(&mut self) -> Result<DefinitionStatus, Error> {
        let words = [("primitive", DefinitionStatus::Primitive), ("defined", DefinitionStatus::Defined)];
        self.one_of(&words).ok_or_else(|| self.unexpected("primitive or defined"))
    }
}
