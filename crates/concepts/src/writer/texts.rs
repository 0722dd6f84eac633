//! The vocabulary, and the texts written with it: see `table/text.rs`.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use super::spill::{Pieces, Spill};
use crate::Failure;
use crate::table::layout::{FileWriter, Section};
use crate::table::records::RecordsWriter;
use crate::table::varint;

/// So many different pieces are counted; later ones are written out wherever they stand.
const MAX_COUNTED: usize = 2 << 20;

/// How often each piece of a text occurs; later, its number.
#[derive(Default)]
pub struct Vocabulary(HashMap<Box<str>, u32>);

impl Vocabulary {
    /// Counts the pieces of a text.
    pub fn count(&mut self, text: &str) {
        for piece in text.split(' ') {
            if let Some(count) = self.0.get_mut(piece) {
                *count = count.saturating_add(1);
            } else if self.0.len() < MAX_COUNTED {
                self.0.insert(piece.into(), 1);
            }
        }
    }

    /// Gives numbers to the pieces that occur more than once, the most frequent first, and writes them.
    fn number(&mut self, out: &mut FileWriter, folder: &Path) -> Result<(), Failure> {
        self.0.retain(|piece, count| *count > 1 && !piece.is_empty());
        let mut pieces: Vec<(&str, u32)> = self.0.iter().map(|(piece, count)| (&**piece, *count)).collect();
        pieces.sort_unstable_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(right.0)));
        let write = |out: &mut FileWriter| {
            let mut records = RecordsWriter::new(out);
            pieces.iter().try_for_each(|(piece, _)| records.push(piece.as_bytes()))?;
            records.finish().map(drop)
        };
        out.section(Section::Vocabulary, write).map_err(Failure::at(folder))?;
        let numbers: HashMap<Box<str>, u32> = pieces.iter().zip(0..).map(|((piece, _), number)| (Box::from(*piece), number)).collect();
        self.0 = numbers;
        Ok(())
    }

    /// Appends a text.
    fn put(&self, bytes: &mut Vec<u8>, text: &[u8]) {
        for piece in text.split(|byte| *byte == b' ') {
            match std::str::from_utf8(piece).ok().and_then(|piece| self.0.get(piece)) {
                Some(number) => varint::put(bytes, u64::from(*number) + 1),
                None => {
                    bytes.push(0);
                    varint::put_text(bytes, piece);
                }
            }
        }
    }
}

/// Writes the vocabulary, the designations of all concepts, and the values of all properties.
pub fn write(mut vocabulary: Vocabulary, mut texts: Pieces, values: Spill, folder: &Path, out: &mut FileWriter) -> Result<(), Failure> {
    vocabulary.number(out, folder)?;
    let (mut piece, mut record, mut text) = (Vec::new(), Vec::new(), Vec::new());
    out.section(Section::Designations, |out| {
        let mut records = RecordsWriter::new(out);
        while texts.next(&mut piece)? {
            record.clear();
            let mut rest = piece.as_slice();
            while let (Some(language), Some(usage), Some(plain)) =
                (varint::take(&mut rest), varint::take(&mut rest), varint::take_bytes(&mut rest))
            {
                varint::put(&mut record, language);
                varint::put(&mut record, usage);
                text.clear();
                vocabulary.put(&mut text, plain);
                varint::put_text(&mut record, &text);
            }
            records.push(&record).map_err(Failure::at(folder))?;
        }
        records.finish().map(drop).map_err(Failure::at(folder))
    })?;
    let mut values = values.pieces()?;
    out.section(Section::Values, |out: &mut FileWriter| {
        let mut records = RecordsWriter::new(out as &mut dyn Write);
        while values.next(&mut piece)? {
            text.clear();
            vocabulary.put(&mut text, &piece);
            records.push(&text).map_err(Failure::at(folder))?;
        }
        records.finish().map(drop).map_err(Failure::at(folder))
    })
}
