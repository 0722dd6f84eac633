//! Rows of Release Format 2: each begins with id, effectiveTime and active, and of several with the same id the newest counts.

use super::super::Load;
use crate::Failure;
use crate::source::{Dialect, Entry, Rows};
use crate::writer::sorter::Sorter;

/// A component in its newest state.
pub(super) struct Component<'a> {
    pub(super) id: &'a str,
    /// When it changed: `20240301`.
    pub(super) time: &'a str,
    pub(super) is_active: bool,
    fields: Vec<&'a str>,
}

impl<'a> Component<'a> {
    /// The columns that were asked for.
    pub(super) fn fields(&self) -> &[&'a str] {
        &self.fields
    }
}

/// The components of some files, waiting to be told one after the other, by id.
pub(super) struct Newest {
    sorter: Sorter,
    columns: usize,
}

/// Reads files with the same columns.
pub(super) fn newest(load: &mut Load<'_>, files: &[&Entry], columns: &[&str]) -> Result<Newest, Failure> {
    let mut sorter = Sorter::new(load.writer.folder());
    let source = load.source;
    for file in files {
        source.read(file, |reader| {
            let mut rows = Rows::with_header(reader, &file.name, Dialect::Tab)?;
            let (id, time, active) = (rows.column("id")?, rows.column("effectiveTime")?, rows.column("active")?);
            let mut places = Vec::new();
            for column in columns {
                places.push(rows.column(column)?);
            }
            let mut piece = Vec::new();
            while rows.next()? {
                load.count(&file.name);
                let is_active = match rows.get(active) {
                    "1" => "1",
                    "0" => "0",
                    _ => return Err(rows.malformed("the column active is 0 or 1")),
                };
                piece.clear();
                for field in [rows.need(id)?, rows.need(time)?, is_active].into_iter().chain(places.iter().map(|place| rows.get(*place))) {
                    piece.extend_from_slice(field.as_bytes());
                    piece.push(0);
                }
                sorter.push(&piece)?;
            }
            Ok(())
        })?;
    }
    Ok(Newest { sorter, columns: columns.len() })
}

impl Newest {
    /// Hands each component to `take`.
    pub(super) fn each(self, mut take: impl FnMut(&Component<'_>) -> Result<(), Failure>) -> Result<(), Failure> {
        let mut sorted = self.sorter.finish()?;
        let (mut current, mut next) = (Vec::new(), Vec::new());
        let mut is_there = sorted.next(&mut current)?;
        while is_there {
            is_there = sorted.next(&mut next)?;
            if !is_there || id(&current) != id(&next) {
                take(&component(&current, self.columns))?;
            }
            std::mem::swap(&mut current, &mut next);
        }
        Ok(())
    }
}

fn id(piece: &[u8]) -> &[u8] {
    piece.split(|byte| *byte == 0).next().unwrap_or_default()
}

fn component(piece: &[u8], columns: usize) -> Component<'_> {
    // The pieces were made of texts.
    let mut fields = piece.split(|byte| *byte == 0).map(|field| std::str::from_utf8(field).unwrap_or_default());
    let mut next = || fields.next().unwrap_or_default();
    let (id, time, active) = (next(), next(), next());
    Component { id, time, is_active: active == "1", fields: (0..columns).map(|_| next()).collect() }
}
