//! Where exported resources go: a file for each type, or standard output.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use fhir::definitions::ResourceType;

use crate::cli::Export;
use crate::command::Failure;

/// Where the resources of a type go. A file is made when there is something to put into it.
pub struct Output {
    path: Option<PathBuf>,
    writer: Option<Box<dyn Write>>,
}

impl Output {
    /// Nothing yet; `arguments` say where to.
    pub fn new(arguments: &Export, kind: ResourceType) -> Self {
        Self { path: arguments.folder.as_ref().map(|folder| folder.join(format!("{}.ndjson", kind.name()))), writer: None }
    }

    /// Writes a resource.
    pub fn line(&mut self, text: &[u8]) -> Result<(), Failure> {
        let path = self.path.clone();
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(open(path.as_deref())?),
        };
        writer.write_all(text).and_then(|()| writer.write_all(b"\n")).map_err(|error| cannot(path.as_deref(), &error))
    }

    /// Writes what is still in memory.
    pub fn finish(&mut self) -> Result<(), Failure> {
        let flushed = self.writer.as_mut().map_or(Ok(()), |writer| writer.flush());
        flushed.map_err(|error| cannot(self.path.as_deref(), &error))
    }
}

fn open(path: Option<&Path>) -> Result<Box<dyn Write>, Failure> {
    let Some(path) = path else {
        return Ok(Box::new(BufWriter::new(std::io::stdout())));
    };
    let create = || {
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        File::create_new(path)
    };
    create().map(|file| Box::new(BufWriter::new(file)) as Box<dyn Write>).map_err(|error| cannot(Some(path), &error))
}

fn cannot(path: Option<&Path>, error: &std::io::Error) -> Failure {
    let place = path.map_or("standard output".to_owned(), |path| path.display().to_string());
    Failure::failed(format!("{place} cannot be written: {error}"))
}
