//! Where the data that is shared between projects lies, when it is here.

use std::path::PathBuf;

/// The text of a file of the shared data; `None`, with a word about it, when it is not here.
pub(crate) fn text(path: &str) -> Option<Vec<u8>> {
    let root = match std::env::var_os("WARD_SHARED") {
        Some(root) => PathBuf::from(root),
        None => PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
    };
    let path = root.join("data").join(path);
    if !path.exists() {
        println!("skipped: shared data not found");
        return None;
    }
    Some(std::fs::read(path).expect("the file can be read"))
}
