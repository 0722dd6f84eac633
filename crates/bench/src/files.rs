//! Files of the benchmark.

use std::io::Write;
use std::path::{Path, PathBuf};

use fhir::Value;

use crate::Failure;

/// A folder for what is measured, beside the build. It is removed when this is dropped.
pub struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// An empty folder, on the disk that the repository is on: a folder of temporary files may be in memory.
    pub fn new() -> Result<Self, Failure> {
        let path = std::env::current_dir()?.join(format!("target/bench/{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self { path })
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A new folder in it.
    pub fn folder(&self, name: &str) -> Result<PathBuf, Failure> {
        let folder = self.path(name);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.path) {
            eprintln!("bench: {}: {error}", self.path.display());
        }
    }
}

/// Writes resources as NDJSON, and says how many there were.
pub fn write_ndjson<'a>(resources: impl Iterator<Item = &'a Value>, file: &Path) -> Result<(), Failure> {
    let mut output = std::io::BufWriter::new(std::fs::File::create(file)?);
    for resource in resources {
        writeln!(output, "{}", fhir::json::to_string(resource))?;
    }
    Ok(output.flush()?)
}

/// How many bytes a file has, or all files in a folder together; 0 when there is none.
pub fn bytes(path: &Path) -> Result<u64, Failure> {
    if !path.exists() {
        return Ok(0);
    }
    let metadata = path.metadata()?;
    if !metadata.is_dir() {
        return Ok(metadata.len());
    }
    std::fs::read_dir(path)?.try_fold(0, |sum, entry| Ok(sum + bytes(&entry?.path())?))
}
