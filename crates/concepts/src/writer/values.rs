//! The values of properties: each once, with the concepts that have it; and for each concept its values.

use std::path::Path;

use super::sorter::{Sorted, Sorter};
use super::spill::Spill;
use super::texts::Vocabulary;
use crate::table::ascending;
use crate::table::layout::{FileWriter, Section};
use crate::table::records::RecordsWriter;
use crate::{Concept, Failure};

/// Writes all but the values themselves, which wait for the vocabulary: they come back in their order.
///
/// `sorted` has pieces of property, value, NUL and concept.
pub fn write(
    mut sorted: Sorted,
    properties: usize,
    concepts: usize,
    folder: &Path,
    out: &mut FileWriter,
    vocabulary: &mut Vocabulary,
) -> Result<Spill, Failure> {
    let mut values = Values {
        plain: Spill::new(folder)?,
        concepts: RecordsWriter::new(Spill::new(folder)?),
        by_concept: Sorter::new(folder),
        starts: Vec::new(),
        current: None,
        record: Vec::new(),
        last: None,
    };
    let mut piece = Vec::new();
    while sorted.next(&mut piece)? {
        let (rest, concept) = piece.split_at(piece.len() - 4);
        let value = &rest[..rest.len() - 1];
        if values.current.as_deref() != Some(value) {
            values.end(folder)?;
            values.begin(value, vocabulary)?;
        }
        values.take(Concept::from_be_bytes([concept[0], concept[1], concept[2], concept[3]]))?;
    }
    values.end(folder)?;
    let count = values.concepts.len() as u32;
    values.starts.resize(properties + 1, count);
    let starts: Vec<u8> = values.starts.iter().flat_map(|start| start.to_le_bytes()).collect();
    out.bytes(Section::PropertyValues, &starts).map_err(Failure::at(folder))?;
    let lists = values.concepts.finish().map_err(Failure::at(folder))?;
    out.section(Section::ValueConcepts, |out| lists.copy_to(out)).map_err(Failure::at(folder))?;
    by_concept(values.by_concept.finish()?, concepts, folder, out)?;
    Ok(values.plain)
}

struct Values {
    plain: Spill,
    concepts: RecordsWriter<Spill>,
    /// Concept and value.
    by_concept: Sorter,
    /// Where the values of each property begin.
    starts: Vec<u32>,
    /// Property and value that concepts are coming in for.
    current: Option<Vec<u8>>,
    record: Vec<u8>,
    last: Option<Concept>,
}

impl Values {
    fn begin(&mut self, value: &[u8], vocabulary: &mut Vocabulary) -> Result<(), Failure> {
        let property = usize::from(u16::from_be_bytes([value[0], value[1]]));
        let place = self.concepts.len() as u32;
        while self.starts.len() <= property {
            self.starts.push(place);
        }
        vocabulary.count(std::str::from_utf8(&value[2..]).unwrap_or_default());
        self.plain.push(&value[2..])?;
        self.current.get_or_insert_default().clone_from(&value.to_vec());
        Ok(())
    }

    fn take(&mut self, concept: Concept) -> Result<(), Failure> {
        if self.last == Some(concept) {
            return Ok(());
        }
        ascending::put(&mut self.record, self.last, concept);
        self.last = Some(concept);
        let value = self.concepts.len() as u32;
        self.by_concept.push(&[concept.to_be_bytes(), value.to_be_bytes()].concat())
    }

    fn end(&mut self, folder: &Path) -> Result<(), Failure> {
        if self.current.is_some() {
            self.concepts.push(&self.record).map_err(Failure::at(folder))?;
        }
        self.record.clear();
        self.last = None;
        Ok(())
    }
}

/// The values of each concept. `sorted` has pieces of concept and value.
fn by_concept(mut sorted: Sorted, concepts: usize, folder: &Path, out: &mut FileWriter) -> Result<(), Failure> {
    out.section(Section::ConceptValues, |out| {
        let mut records = RecordsWriter::new(out);
        let (mut piece, mut record, mut last) = (Vec::new(), Vec::new(), None);
        let mut current = 0;
        while sorted.next(&mut piece)? {
            let number = |at: usize| u32::from_be_bytes([piece[at], piece[at + 1], piece[at + 2], piece[at + 3]]);
            let (concept, value) = (number(0), number(4));
            if concept != current {
                records.push(&record).and_then(|()| records.fill(concept as usize)).map_err(Failure::at(folder))?;
                record.clear();
                (current, last) = (concept, None);
            }
            ascending::put(&mut record, last, value);
            last = Some(value);
        }
        if concepts > 0 {
            records.push(&record).map_err(Failure::at(folder))?;
        }
        records.fill(concepts).and_then(|()| records.finish().map(drop)).map_err(Failure::at(folder))
    })
}
