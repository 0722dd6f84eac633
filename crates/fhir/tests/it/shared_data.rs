//! The examples that stand beside the repository, in `../shared` or where `WARD_SHARED` says.

use std::fs;
use std::path::{Path, PathBuf};

/// A JSON document of the shared data.
pub(crate) struct Document {
    /// Its file's name below `data/`; a line of NDJSON has its number after it.
    pub(crate) name: String,
    pub(crate) text: Vec<u8>,
}

/// The folder `data`; `None`, with a line that says so, when it is not there.
pub(crate) fn data() -> Option<PathBuf> {
    published::data("")
}

/// HL7's examples.
pub(crate) fn official_examples(data: &Path) -> Vec<Document> {
    let mut documents = unzip(&data.join("fhir-r4/examples/r4-examples-json.zip"));
    documents.retain(|document| document.name.ends_with(".json"));
    documents
}

/// The files of a zip archive.
pub(crate) fn unzip(archive: &Path) -> Vec<Document> {
    published::unzip(archive).into_iter().map(|(name, text)| Document { name, text }).collect()
}

/// The names of Synthea's files: bundles, and NDJSON with one resource in each line.
pub(crate) fn synthea_files(data: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![data.join("synthea")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let is_resource = (name.ends_with(".json.gz") || name.ends_with(".ndjson.gz")) && !name.starts_with("log.");
            match path.is_dir() {
                true => folders.push(path),
                false if is_resource => files.push(path),
                false => {}
            }
        }
    }
    files.sort();
    files
}

/// The documents in one of Synthea's files.
pub(crate) fn read_synthea(data: &Path, file: &Path) -> Vec<Document> {
    let name = file.strip_prefix(data).unwrap_or(file).display().to_string();
    let text = published::gunzip(file);
    if !name.ends_with(".ndjson.gz") {
        return vec![Document { name, text }];
    }
    let lines = text.split(|&byte| byte == b'\n').zip(1..).filter(|(line, _)| !line.is_empty());
    lines.map(|(line, number)| Document { name: format!("{name}:{number}"), text: line.to_vec() }).collect()
}

/// The files in a folder whose names end so, sorted.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<_> = paths.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    paths.sort();
    paths
}
