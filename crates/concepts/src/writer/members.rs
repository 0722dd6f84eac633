//! Reference sets.

use std::path::Path;

use super::Summary;
use super::spill::Pieces;
use crate::table::ascending;
use crate::table::layout::{FileWriter, Section};
use crate::table::records::RecordsWriter;
use crate::{Concept, Failure};

/// Writes the sets. Pieces are concept and code of the set.
pub fn write(
    mut pieces: Pieces,
    find: impl Fn(&str) -> Option<Concept>,
    folder: &Path,
    out: &mut FileWriter,
    summary: &mut Summary,
) -> Result<(), Failure> {
    let mut members: Vec<(Concept, Concept)> = Vec::new();
    let mut piece = Vec::new();
    while pieces.next(&mut piece)? {
        let (concept, set) = piece.split_at(4);
        let concept = Concept::from_be_bytes([concept[0], concept[1], concept[2], concept[3]]);
        match std::str::from_utf8(set).ok().and_then(&find) {
            Some(set) => members.push((set, concept)),
            None => summary.left_out += 1,
        }
    }
    members.sort_unstable();
    members.dedup();
    summary.members = members.len() as u64;
    let sets: Vec<&[(Concept, Concept)]> = members.chunk_by(|left, right| left.0 == right.0).collect();
    let numbers: Vec<u8> = sets.iter().flat_map(|set| set[0].0.to_le_bytes()).collect();
    let write = |out: &mut FileWriter| {
        let mut records = RecordsWriter::new(out);
        for set in sets {
            let (mut record, mut last) = (Vec::new(), None);
            for &(_, concept) in set {
                ascending::put(&mut record, last, concept);
                last = Some(concept);
            }
            records.push(&record)?;
        }
        records.finish().map(drop)
    };
    let written = out.bytes(Section::MemberSets, &numbers).and_then(|()| out.section(Section::Members, write));
    written.map_err(Failure::at(folder))
}
