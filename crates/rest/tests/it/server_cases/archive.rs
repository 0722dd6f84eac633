//! The files of a suite, from its archive.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// The contents of the files by their names; `None`, with a word on standard output, when the suite is not here.
pub(super) fn files(suite: &str) -> Option<BTreeMap<String, Vec<u8>>> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let root = std::env::var_os("WARD_SHARED").map_or_else(beside, Into::into);
    let Ok(file) = std::fs::File::open(root.join(format!("data/suites/server-cases/{suite}.zip"))) else {
        println!("skipped: shared data not found");
        return None;
    };
    let mut archive = zip::ZipArchive::new(file).expect("it is a zip archive");
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("the entry is there");
        let name = entry.name().expect("the name is text").into_owned();
        if !name.ends_with('/') {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("the entry can be read");
            files.insert(name, bytes);
        }
    }
    Some(files)
}
