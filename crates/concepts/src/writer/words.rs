//! The words of all texts, and where they occur.

use std::path::Path;

use super::sorter::Sorted;
use super::spill::Spill;
use crate::Failure;
use crate::table::ascending;
use crate::table::layout::{FileWriter, Section};
use crate::table::records::RecordsWriter;

/// Writes them. `sorted` has pieces of word, NUL, and the concept's number doubled, plus one when the word is missing in its display. A concept
/// that has a word both in its display and elsewhere is told once, as one with the word in its display.
pub fn write(mut sorted: Sorted, display_lengths: &[u8], folder: &Path, out: &mut FileWriter) -> Result<(), Failure> {
    let at = || Failure::at(folder);
    let mut lists = RecordsWriter::new(Spill::new(folder)?);
    out.section(Section::Words, |out| {
        let mut words = RecordsWriter::new(out);
        let (mut piece, mut record, mut current, mut last) = (Vec::new(), Vec::new(), Vec::new(), None);
        while sorted.next(&mut piece)? {
            let (word, entry) = piece.split_at(piece.len() - 4);
            let entry = u32::from_be_bytes([entry[0], entry[1], entry[2], entry[3]]);
            if word != current.as_slice() {
                if !current.is_empty() {
                    lists.push(&record).map_err(at())?;
                }
                words.push(&word[..word.len() - 1]).map_err(at())?;
                current.clear();
                current.extend_from_slice(word);
                record.clear();
                last = None;
            }
            if last.is_none_or(|last| entry / 2 != last / 2) {
                ascending::put(&mut record, last, entry);
                last = Some(entry);
            }
        }
        if !current.is_empty() {
            lists.push(&record).map_err(at())?;
        }
        words.finish().map(drop).map_err(at())
    })?;
    let lists = lists.finish().map_err(at())?;
    out.section(Section::WordConcepts, |out| lists.copy_to(out)).map_err(at())?;
    out.bytes(Section::DisplayLengths, display_lengths).map_err(at())
}
