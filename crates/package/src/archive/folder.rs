//! A package in a folder.

use std::fs::{self, File};
use std::path::Path;

use fhir::Issue;

use super::{Files, Gathered, Limits, no_file, unreadable};
use crate::Wanted;

/// How deep folders may be nested.
const MAX_DEPTH: usize = 16;

/// Reads the folder that holds `package/package.json`, or `package.json` itself.
pub(crate) fn read_folder(folder: &Path, wanted: Wanted, limits: Limits) -> Result<Files, Issue> {
    let mut gathered = Gathered::new(wanted, limits, limits.total_bytes);
    let inside = folder.join("package");
    let inside = if inside.join("package.json").exists() { inside } else { folder.to_owned() };
    walk(&inside, "package", &mut gathered, 0)?;
    gathered.finish()
}

fn walk(folder: &Path, name: &str, gathered: &mut Gathered, depth: usize) -> Result<(), Issue> {
    let failed = |error: std::io::Error| unreadable(format!("{}: {error}", folder.display()));
    if depth > MAX_DEPTH {
        return Err(unreadable(format!("{}: folders are nested deeper than {MAX_DEPTH}", folder.display())));
    }
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = format!("{name}/{}", entry.file_name().to_string_lossy());
        // Of a link it says that it is one.
        let metadata = entry.metadata().map_err(failed)?;
        gathered.count()?;
        if metadata.is_dir() {
            walk(&entry.path(), &path, gathered, depth + 1)?;
        } else if metadata.is_file() {
            let mut file = File::open(entry.path()).map_err(failed)?;
            gathered.file(&path, metadata.len(), &mut file)?;
        } else {
            return Err(no_file(&path, "a link or a device"));
        }
    }
    Ok(())
}
