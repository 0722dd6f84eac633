//! Relationships, by source and by kind.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use super::Summary;
use super::spill::Pieces;
use crate::table::layout::{FileWriter, Section};
use crate::table::records::RecordsWriter;
use crate::table::varint;
use crate::{Concept, Failure};

/// Source, group, kind, and target: a concept's number doubled, or a value's doubled plus one.
type Row = (Concept, u32, Concept, u32);

/// Writes them. Pieces are source, group, code of the kind, NUL, tag and target: see [`super::Writer::relation`].
pub fn write(
    mut pieces: Pieces,
    concepts: usize,
    find: impl Fn(&str) -> Option<Concept>,
    folder: &Path,
    out: &mut FileWriter,
    summary: &mut Summary,
) -> Result<(), Failure> {
    let mut values = Values::default();
    let mut rows: Vec<Row> = Vec::new();
    let mut piece = Vec::new();
    while pieces.next(&mut piece)? {
        match row(&piece, &find, &mut values) {
            Some(row) => rows.push(row),
            None => summary.left_out += 1,
        }
    }
    rows.sort_unstable();
    rows.dedup();
    summary.relations = rows.len() as u64;
    if rows.is_empty() {
        return Ok(());
    }
    write_rows(rows, concepts, &values, out).map_err(Failure::at(folder))
}

fn row(piece: &[u8], find: impl Fn(&str) -> Option<Concept>, values: &mut Values) -> Option<Row> {
    let number = |at: usize| u32::from_be_bytes([piece[at], piece[at + 1], piece[at + 2], piece[at + 3]]);
    let (source, group) = (number(0), number(4));
    let mut rest = piece[8..].splitn(2, |byte| *byte == 0);
    let mut next = || rest.next().and_then(|text| std::str::from_utf8(text).ok());
    let (kind, target) = (next()?, next()?);
    let target = match target.split_at(1) {
        ("c", code) => find(code)? * 2,
        (_, value) => values.number(value) * 2 + 1,
    };
    Some((source, group, find(kind)?, target))
}

/// The concrete values, numbered as they come.
#[derive(Default)]
struct Values {
    numbers: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

impl Values {
    fn number(&mut self, value: &str) -> u32 {
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        let number = self.texts.len() as u32;
        self.numbers.insert(value.into(), number);
        self.texts.push(value.into());
        number
    }
}

fn write_rows(mut rows: Vec<Row>, concepts: usize, values: &Values, out: &mut FileWriter) -> io::Result<()> {
    let mut kinds: Vec<Concept> = rows.iter().map(|row| row.2).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let bytes: Vec<u8> = kinds.iter().flat_map(|kind| kind.to_le_bytes()).collect();
    out.bytes(Section::RelationKinds, &bytes)?;
    let mut record = Vec::new();
    out.section(Section::Relations, |out| {
        let mut records = RecordsWriter::new(out);
        for of_source in rows.chunk_by(|left, right| left.0 == right.0) {
            records.fill(of_source[0].0 as usize)?;
            record.clear();
            for &(_, group, kind, target) in of_source {
                let place = kinds.binary_search(&kind).unwrap_or_default();
                [u64::from(group), place as u64, u64::from(target)].into_iter().for_each(|number| varint::put(&mut record, number));
            }
            records.push(&record)?;
        }
        records.fill(concepts)?;
        records.finish().map(drop)
    })?;
    rows.sort_unstable_by_key(|&(source, group, kind, target)| (kind, source, group, target));
    out.section(Section::RelationsByKind, |out| {
        let mut records = RecordsWriter::new(out);
        for of_kind in rows.chunk_by(|left, right| left.2 == right.2) {
            record.clear();
            let mut last = 0;
            for &(source, group, _, target) in of_kind {
                [source - last, group, target].into_iter().for_each(|number| varint::put(&mut record, u64::from(number)));
                last = source;
            }
            records.push(&record)?;
        }
        records.finish().map(drop)
    })?;
    out.section(Section::RelationValues, |out| {
        let mut records = RecordsWriter::new(out);
        values.texts.iter().try_for_each(|value| records.push(value.as_bytes()))?;
        records.finish().map(drop)
    })
}
