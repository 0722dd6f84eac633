//! A trace: everything that processes did to the folder, in order, and what a test noted between.
//!
//! All of them append to one file, a record at a time, so that their order in it is the order in which they happened: a record follows what
//! it tells of, and stands before whatever anybody does because of it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::record::{Operation, Record};

/// Where a test notes what it has sent and what was acknowledged.
pub struct Notes(File);

impl Notes {
    /// The notes in a trace, which is made when it is missing.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn in_trace(trace: &Path) -> io::Result<Self> {
        OpenOptions::new().create(true).append(true).open(trace).map(Self)
    }

    /// Notes something at this moment.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn note(&self, text: impl Into<String>) -> io::Result<()> {
        (&self.0).write_all(&Record::Marked { text: text.into() }.encode())
    }
}

/// Reads a trace.
///
/// # Errors
/// When the file cannot be read, or ends within a record.
pub fn read(trace: &Path) -> io::Result<Vec<Record>> {
    let bytes = fs::read(trace)?;
    let mut rest = bytes.as_slice();
    let mut records = Vec::new();
    while !rest.is_empty() {
        let (record, after) = Record::decode(rest).ok_or_else(|| io::Error::other(format!("no record follows {}", records.len())))?;
        records.push(record);
        rest = after;
    }
    Ok(records)
}

/// What of the trace were notes, from its beginning on.
pub fn notes(records: &[Record]) -> impl DoubleEndedIterator<Item = &str> {
    records.iter().filter_map(|record| match record {
        Record::Marked { text } => Some(text.as_str()),
        _ => None,
    })
}

/// How often an operation was done, to any file.
pub fn count(records: &[Record], operation: Operation) -> usize {
    records.iter().filter(|record| record.operation() == Some(operation)).count()
}
