//! For the tests and the benchmark of all rooms: the data and suites that others have published, and the lists of the cases that are known to fail.
//!
//! The data stands beside the repository, in `../shared/data`, or where `WARD_SHARED` points; where there is none, a test says so and passes.
//! Everything here panics on what is damaged: no product calls it.

mod known_failures;
mod random;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

pub use known_failures::KnownFailures;
pub use random::Random;

/// A file or folder of the data, such as `suites/patch`; `None`, with a word on standard output, when it is not here.
pub fn data(path: &str) -> Option<PathBuf> {
    shared(&format!("data/{path}"))
}

/// A file or folder beside the data, such as `bench`; `None` as for [`data`].
pub fn shared(path: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let found = std::env::var_os("WARD_SHARED").map_or_else(beside, PathBuf::from).join(path);
    if found.exists() {
        return Some(found);
    }
    println!("skipped: shared data not found");
    None
}

/// FHIR's own examples: their file names and JSON texts. `None` as for [`data`].
pub fn examples() -> Option<Vec<(String, Vec<u8>)>> {
    let mut files = unzip(&data("fhir-r4/examples/r4-examples-json.zip")?);
    files.retain(|(name, _)| name.ends_with(".json"));
    Some(files)
}

/// The names and contents of the files in a zip archive.
///
/// # Panics
/// When it is none, or damaged.
pub fn unzip(archive: &Path) -> Vec<(String, Vec<u8>)> {
    let file = File::open(archive).unwrap_or_else(|error| panic!("{}: {error}", archive.display()));
    let mut archive = zip::ZipArchive::new(file).expect("it is a zip archive");
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("the entry is there");
        if !entry.is_file() {
            continue;
        }
        let name = entry.name().expect("the name is text").into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("the entry can be read");
        files.push((name, content));
    }
    files
}

/// The content of a gzip file, all its members.
///
/// # Panics
/// When it is none, or damaged.
pub fn gunzip(file: &Path) -> Vec<u8> {
    let packed = File::open(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut content = Vec::new();
    flate2::read::MultiGzDecoder::new(packed).read_to_end(&mut content).expect("it is gzip");
    content
}
