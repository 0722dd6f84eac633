//! Zip archives.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use zip::ZipArchive;

use super::{Entry, Place};
use crate::Failure;
use crate::limits::MAX_FILES;

fn refuse(path: &Path, rule: impl Into<String>) -> Failure {
    Failure::Archive { path: path.to_owned(), rule: rule.into() }
}

fn open(path: &Path) -> Result<ZipArchive<BufReader<File>>, Failure> {
    let file = File::open(path).map_err(Failure::at(path))?;
    ZipArchive::new(BufReader::new(file)).map_err(|error| refuse(path, format!("it is no zip archive, or damaged: {error}")))
}

/// The files of an archive.
///
/// # Errors
/// That it is none, has too many files, or names one outside of itself.
pub fn list(path: &Path) -> Result<Vec<Entry>, Failure> {
    let mut archive = open(path)?;
    if archive.len() > MAX_FILES {
        return Err(Failure::Limit { what: "files of a source", most: MAX_FILES as u64 });
    }
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(|error| refuse(path, error.to_string()))?;
        let name = file.name().map_err(|error| refuse(path, error.to_string()))?.into_owned();
        let leads_out = name.starts_with(['/', '\\']) || name.contains(['\\', ':', '\0']) || name.split('/').any(|part| part == "..");
        if leads_out {
            return Err(refuse(path, "it names a file outside of itself: do not trust it"));
        }
        // What systems put beside the files, such as `__MACOSX/._Loinc.csv`.
        let is_hidden = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        if file.is_file() && !is_hidden {
            files.push(Entry::new(&name, Place::Archive(index)));
        }
    }
    Ok(files)
}

/// Reads a file of an archive, which has so many bytes while it is packed, and says that it has so many unpacked.
pub fn read<T>(path: &Path, index: usize, take: impl FnOnce(&mut dyn Read, u64, u64) -> Result<T, Failure>) -> Result<T, Failure> {
    let mut archive = open(path)?;
    let mut file = archive.by_index(index).map_err(|error| refuse(path, error.to_string()))?;
    let (packed, unpacked) = (file.compressed_size(), file.size());
    take(&mut file, packed, unpacked)
}
