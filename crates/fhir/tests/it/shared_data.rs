//! Data and suites that nobody here wrote, when they are there: in `$WARD_SHARED/data`, else beside the repository in
//! `../shared/data`.

use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// The folder `name` of the data. When it is absent the test says so, and passes.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("WARD_SHARED").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = root.join("data").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: shared data not found ({name})");
    None
}

/// The files of a zip archive, their names and contents, sorted by name.
pub(crate) fn unzip(archive: &Path) -> Vec<(String, Vec<u8>)> {
    let bytes = fs::read(archive).expect("the archive can be read");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("the archive is a zip file");
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("the file is in the archive");
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("the file can be unpacked");
        let name = file.name().expect("the name is UTF-8").into_owned();
        if file.is_file() {
            files.push((name, content));
        }
    }
    files.sort();
    files
}

/// The content of a gzip file.
pub(crate) fn gunzip(path: &Path) -> Vec<u8> {
    let file = fs::File::open(path).expect("the file can be read");
    let mut content = Vec::new();
    flate2::read::GzDecoder::new(file).read_to_end(&mut content).expect("the file can be unpacked");
    content
}

/// The files in a folder whose names end so, sorted.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("the entry can be read").path());
    let mut paths: Vec<_> = paths.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    paths.sort();
    paths
}

/// FHIR's official examples in JSON: name and content.
pub(crate) fn examples() -> Option<Vec<(String, Vec<u8>)>> {
    let files = unzip(&folder("fhir-r4/examples")?.join("r4-examples-json.zip"));
    Some(files.into_iter().filter(|(name, _)| name.ends_with(".json")).collect())
}
