//! The shared test data: `$WARD_SHARED`, or `shared` beside the repository.

use std::io::Read;
use std::path::PathBuf;

/// The folder `data` of the shared data; `None`, with a line that says so, where there is none.
pub(crate) fn data() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let data = std::env::var_os("WARD_SHARED").map_or_else(beside, PathBuf::from).join("data");
    if data.is_dir() {
        return Some(data);
    }
    println!("skipped: shared data not found");
    None
}

/// The name and text of each of FHIR's official examples.
pub(crate) fn examples() -> Vec<(String, Vec<u8>)> {
    let Some(data) = data() else { return Vec::new() };
    let file = std::fs::File::open(data.join("fhir-r4/examples/r4-examples-json.zip")).expect("the examples");
    let mut archive = zip::ZipArchive::new(file).expect("a zip");
    let mut examples = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        if entry.is_file() && name.ends_with(".json") {
            let mut text = Vec::new();
            entry.read_to_end(&mut text).expect("readable");
            examples.push((name, text));
        }
    }
    examples
}
