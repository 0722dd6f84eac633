//! The shared test data: `$WARD_SHARED`, or `shared` beside the repository.

use std::path::PathBuf;

/// The folder of the suite; `None`, with a line that says so, where there is none.
pub(crate) fn suite() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("WARD_SHARED").map_or_else(beside, PathBuf::from).join("data/suites/graphql");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: shared data not found");
    None
}
