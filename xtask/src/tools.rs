//! Tools of the tests that are not Rust: installed from their registries when a test wants them, into `target/tools`, at pinned versions.

mod debian;
mod npm;
mod python;

pub use debian::debian;
pub use npm::npm;
pub use python::python;

use std::path::{Path, PathBuf};

/// Where they are installed.
const FOLDER: &str = "target/tools";

/// A folder for the tools that `list` pins, named after the folder that the list is in; whether it holds them already, as they are listed
/// now, says [`is_installed`].
fn folder(kind: &str, list: &Path) -> Result<PathBuf, String> {
    let of = list.parent().and_then(Path::file_name).ok_or_else(|| format!("{}: no folder", list.display()))?;
    let folder = Path::new(FOLDER).join(format!("{}-{kind}", of.to_string_lossy()));
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    folder.canonicalize().map_err(|error| format!("{}: {error}", folder.display()))
}

/// Where the list that was last installed is noted.
const NOTE: &str = "installed";

fn is_installed(folder: &Path, list: &Path) -> bool {
    matches!((std::fs::read(folder.join(NOTE)), std::fs::read(list)), (Ok(noted), Ok(wanted)) if noted == wanted)
}

fn note(folder: &Path, list: &Path) -> Result<(), String> {
    std::fs::copy(list, folder.join(NOTE)).map(drop).map_err(|error| format!("{}: {error}", folder.display()))
}
