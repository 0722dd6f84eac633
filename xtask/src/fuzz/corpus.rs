//! What a target begins with: its seeds, and FHIR's own examples where they are to be had.

use std::path::{Path, PathBuf};

/// Larger examples slow a target down and teach it little.
const LARGEST_EXAMPLE_BYTES: u64 = 6_000;

/// Makes the folder in which a target keeps what it has learnt, with the shared examples in it, and names it.
pub fn prepare(target: &str) -> Result<PathBuf, String> {
    let folder = Path::new(super::build::FOLDER).join("corpus").join(target);
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    std::fs::create_dir_all(&folder).map_err(failed)?;
    for example in examples(target) {
        let Some(name) = example.file_name() else { continue };
        std::fs::copy(&example, folder.join(name)).map_err(failed)?;
    }
    Ok(folder)
}

/// The examples that are inputs of a target as they are.
fn examples(target: &str) -> Vec<PathBuf> {
    let extensions: &[&str] = match target {
        "json" => &["json"],
        "xml" => &["json", "xml"],
        _ => return Vec::new(),
    };
    let shared = std::env::var_os("WARD_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let Ok(files) = std::fs::read_dir(shared.join("data/fhir-r4/examples")) else { return Vec::new() };
    let small = |path: &PathBuf| path.metadata().is_ok_and(|data| data.is_file() && data.len() <= LARGEST_EXAMPLE_BYTES);
    let fits = |path: &PathBuf| path.extension().is_some_and(|extension| extensions.iter().any(|known| extension == *known));
    files.flatten().map(|file| file.path()).filter(|path| fits(path) && small(path)).collect()
}
