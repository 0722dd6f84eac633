//! Where the data that is shared between projects lies, when it is here.

use std::io::Read;
use std::path::PathBuf;

use fhir::Value;

/// The path of a file or folder of the shared data; `None`, with a word on standard error, when it is not here.
pub(crate) fn data(path: &str) -> Option<PathBuf> {
    let root = match std::env::var_os("WARD_SHARED") {
        Some(root) => PathBuf::from(root),
        None => PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
    };
    let path = root.join("data").join(path);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: shared data not found");
    None
}

/// FHIR's own examples, with their file names.
pub(crate) fn examples() -> Option<Vec<(String, Value)>> {
    let file = std::fs::File::open(data("fhir-r4/examples/r4-examples-json.zip")?).expect("the archive opens");
    let mut archive = zip::ZipArchive::new(file).expect("it is a zip archive");
    let mut examples = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("the entry is there");
        let name = entry.name().expect("the name is text").into_owned();
        if !name.ends_with(".json") {
            continue;
        }
        let mut text = Vec::new();
        entry.read_to_end(&mut text).expect("the entry can be read");
        examples.push((name, fhir::json::parse(&text).expect("an example is JSON")));
    }
    Some(examples)
}
