//! The data that nobody here wrote, beside the repository.

use std::io::Read;
use std::path::{Path, PathBuf};

/// The folder of the shared data: where `WARD_SHARED` points, or `../shared` beside the repository. `None` when there is none: the test says that it was skipped.
pub fn folder() -> Option<PathBuf> {
    let folder =
        std::env::var_os("WARD_SHARED").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: shared data not found");
    None
}

/// FHIR's own examples: their file names and texts.
pub fn examples() -> Option<Vec<(String, Vec<u8>)>> {
    let file = std::fs::File::open(folder()?.join("data/fhir-r4/examples/r4-examples-json.zip")).expect("the examples are there");
    let mut archive = zip::ZipArchive::new(file).expect("the examples are a zip");
    let mut examples = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("the entry is there");
        let mut text = Vec::new();
        entry.read_to_end(&mut text).expect("the entry is whole");
        let name = entry.name().expect("the name is UTF-8").into_owned();
        if name.ends_with(".json") {
            examples.push((name, text));
        }
    }
    Some(examples)
}
