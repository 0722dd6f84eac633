//! What an import refuses, set aside with the reason.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use fhir::{Issue, object};

/// Where refused resources go: a file that exists only when there is something in it.
///
/// Each line is an object: `file`, `line`, `entry` (of a Bundle, from 0, when it is one), `issues` and `text`, the refused text itself.
pub struct Rejects {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    /// How many were set aside.
    pub count: u64,
}

/// Something that was refused.
#[derive(Debug)]
pub struct Reject {
    /// In which file.
    pub file: String,
    /// On which line, from 1.
    pub line: u64,
    /// Which entry of a Bundle, from 0.
    pub entry: Option<usize>,
    /// Why.
    pub issues: Vec<Issue>,
    /// Its text.
    pub text: String,
}

impl Reject {
    /// Where it stands, for people: `patients.ndjson:12`.
    pub fn place(&self) -> String {
        let entry = self.entry.map(|entry| format!(" entry {entry}")).unwrap_or_default();
        format!("{}:{}{entry}", self.file, self.line)
    }
}

impl Rejects {
    /// Rejects that go to the file `path`, which is begun anew with the first of them.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), file: None, count: 0 }
    }

    /// Where they go.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Sets one aside.
    pub fn add(&mut self, reject: &Reject) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(BufWriter::new(File::create(&self.path)?)),
        };
        self.count += 1;
        let issues: Vec<_> = reject.issues.iter().map(|issue| issue.to_string().into()).collect();
        let mut line = object! { "file": reject.file.as_str(), "line": reject.line, "issues": issues, "text": reject.text.as_str() };
        if let (Some(entry), Some(object)) = (reject.entry, line.as_object_mut()) {
            object.insert_at(2, "entry", entry as u64);
        }
        writeln!(file, "{}", fhir::json::to_string(&line))
    }

    /// Writes what is still in memory.
    pub fn finish(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), |file| file.flush())
    }
}
