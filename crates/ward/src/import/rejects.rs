//! What an import refuses, set aside with the reason.

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fhir::object;

/// Where refused resources go: a file that exists only when there is something in it.
///
/// Each line is an object: `file`, `line`, `entry` (of a Bundle, from 0, when it is one), `issues` and `text`, the refused text itself.
pub struct Rejects {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    /// How many were set aside.
    pub count: u64,
}

/// Where a resource comes from. Its text for people: `patients.ndjson:12`.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// In which file; empty when it is from none.
    pub file: Arc<str>,
    /// On which line, from 1.
    pub line: u64,
    /// Which entry of a Bundle, from 0.
    pub entry: Option<usize>,
}

/// Something that was refused.
#[derive(Debug)]
pub struct Reject {
    /// Where it comes from.
    pub origin: Origin,
    /// Why: the code, the place and what to do of each issue.
    pub issues: Vec<String>,
    /// Its text.
    pub text: String,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)?;
        self.entry.map_or(Ok(()), |entry| write!(f, " entry {entry}"))
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
        let issues: Vec<_> = reject.issues.iter().map(|issue| issue.as_str().into()).collect();
        let Origin { file: name, line, entry } = &reject.origin;
        let mut line = object! { "file": &**name, "line": *line, "issues": issues, "text": reject.text.as_str() };
        if let (&Some(entry), Some(object)) = (entry, line.as_object_mut()) {
            object.insert_at(2, "entry", entry as u64);
        }
        writeln!(file, "{}", fhir::json::to_string(&line))
    }

    /// Writes what is still in memory.
    pub fn finish(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), |file| file.flush())
    }
}
