//! Descriptions, and the reference sets of languages that say which of them to show.

use super::super::Load;
use super::{SYSTEM, components, files};
use crate::writer::sorter::Sorter;
use crate::{Coding, Failure, NewDesignation, Rank, Writer};

const FULLY_SPECIFIED: &str = "900000000000003001";
const SYNONYM: &str = "900000000000013009";
const PREFERRED: &str = "900000000000548007";

/// The languages of reference sets that are about one region: any other has the language of its descriptions.
const DIALECTS: [(&str, &str); 2] = [("900000000000509007", "en-US"), ("900000000000508004", "en-GB")];

/// What comes first in a piece of the join: the description, or what a reference set says of it.
const DESCRIPTION: u8 = 0;
const ACCEPTABILITY: u8 = 1;

/// Reads them, and joins both by the description's id.
pub(super) fn read(load: &mut Load<'_>) -> Result<(), Failure> {
    let source = load.source;
    let mut join = Sorter::new(load.writer.folder());
    let columns = ["conceptId", "languageCode", "typeId", "term"];
    components::newest(load, &files(source, "sct2_description_"), &columns)?.each(|component| {
        if !component.is_active {
            return Ok(());
        }
        join.push(&piece(component.id, DESCRIPTION, component.fields()))
    })?;
    let columns = ["referencedComponentId", "refsetId", "acceptabilityId"];
    components::newest(load, &files(source, "der2_crefset_language"), &columns)?.each(|component| match component.fields() {
        [description, rest @ ..] if component.is_active => join.push(&piece(description, ACCEPTABILITY, rest)),
        _ => Ok(()),
    })?;
    let mut sorted = join.finish()?;
    let mut description = Description::default();
    let mut piece = Vec::new();
    while sorted.next(&mut piece)? {
        let mut fields = piece.split(|byte| *byte == 0).map(|field| String::from_utf8_lossy(field).into_owned());
        let mut next = || fields.next().unwrap_or_default();
        let id = next();
        // The number is written as a digit, since a zero separates.
        if next() == digit(DESCRIPTION) {
            description.tell(load.writer)?;
            description = Description { id, concept: next(), language: next(), kind: next(), term: next(), sets: Vec::new() };
        } else if id == description.id {
            description.sets.push((next(), next() == PREFERRED));
        }
    }
    description.tell(load.writer)
}

fn digit(which: u8) -> String {
    which.to_string()
}

fn piece(id: &str, which: u8, fields: &[&str]) -> Vec<u8> {
    let mut piece = id.as_bytes().to_vec();
    for field in [digit(which).as_str()].iter().chain(fields) {
        piece.push(0);
        piece.extend_from_slice(field.as_bytes());
    }
    piece
}

#[derive(Default)]
struct Description {
    id: String,
    concept: String,
    language: String,
    kind: String,
    term: String,
    /// The reference sets that it is in, and whether it is the preferred one there.
    sets: Vec<(String, bool)>,
}

impl Description {
    fn tell(&self, writer: &mut Writer) -> Result<(), Failure> {
        if self.id.is_empty() {
            return Ok(());
        }
        let is_preferred_in = |set: &str| self.sets.iter().any(|(other, preferred)| other == set && *preferred);
        let usage = match self.kind.as_str() {
            FULLY_SPECIFIED => Coding::new(SYSTEM, FULLY_SPECIFIED, "Fully specified name"),
            SYNONYM => Coding::new(SYSTEM, SYNONYM, "Synonym"),
            other => Coding::new(SYSTEM, other, ""),
        };
        let is_name = self.kind == FULLY_SPECIFIED;
        let rank = if !is_name && is_preferred_in(DIALECTS[0].0) {
            Rank::Display
        } else if !is_name && self.sets.iter().any(|(_, preferred)| *preferred) {
            Rank::Preferred
        } else {
            Rank::Other
        };
        writer.designation(&self.concept, &NewDesignation { language: self.tag(), usage: Some(&usage), rank, text: &self.term })
    }

    /// The language: of a region when it is only in that region's set.
    fn tag(&self) -> &str {
        let in_sets = |preferred: bool| self.sets.iter().filter(move |(_, other)| *other == preferred);
        let is_preferred = in_sets(true).next().is_some();
        let deciding: Vec<&str> = in_sets(is_preferred).map(|(set, _)| set.as_str()).collect();
        match deciding.as_slice() {
            [only] => DIALECTS.iter().find(|(set, _)| set == only).map_or(&self.language, |(_, tag)| *tag),
            _ => &self.language,
        }
    }
}
