//! Filters of descriptions: `descriptionFilter` in the grammar.

use super::Cursor;
use crate::error::Error;
use crate::tree::{DescriptionFilter, DescriptionType};

impl Cursor<'_> {
    pub(super) fn description_filter(&mut self) -> Result<DescriptionFilter, Error> {
        if let Some(filter) = self.version_filter()? {
            return Ok(DescriptionFilter::Version(filter));
        }
        if let Some(filter) = self.dialect_filter()? {
            return Ok(filter);
        }
        let words = [("term", 0), ("language", 1), ("typeId", 2), ("type", 3), ("id", 4)];
        let Some(word) = self.one_of(&words) else { return Err(self.unexpected("a filter of descriptions")) };
        let not = self.equality()?;
        Ok(match word {
            0 => DescriptionFilter::Term(not, self.one_or_more(Self::search_term)?),
            1 => DescriptionFilter::Language(not, self.one_or_more(Self::language)?),
            2 => DescriptionFilter::TypeId(not, self.concepts()?),
            3 => DescriptionFilter::Type(not, self.one_or_more(Self::description_type)?),
            _ => DescriptionFilter::Id(not, self.one_or_more(Self::sctid)?),
        })
    }

    fn language(&mut self) -> Result<Box<str>, Error> {
        match self.letters() {
            code if code.len() == 2 => {
                self.at += 2;
                Ok(code.to_ascii_lowercase().into())
            }
            _ => Err(self.unexpected("two letters for a language")),
        }
    }

    fn description_type(&mut self) -> Result<DescriptionType, Error> {
        let words = [
            ("syn", DescriptionType::Synonym),
            ("synonym", DescriptionType::Synonym),
            ("fsn", DescriptionType::FullySpecifiedName),
            ("fullySpecifiedName", DescriptionType::FullySpecifiedName),
            ("def", DescriptionType::Definition),
            ("definition", DescriptionType::Definition),
        ];
        self.one_of(&words).ok_or_else(|| self.unexpected("syn, fsn or def"))
    }
}
