//! Folders that a power failure does not take away.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Makes a folder, and those that it lies in, where they are missing. Their names are on the disk then: without that, a folder that was made
/// just now is gone after a power failure, with all that was synced in it.
///
/// # Errors
/// When they cannot be made or synced.
pub fn make(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let above = match path.parent() {
        Some(above) if above != Path::new("") => above,
        _ => Path::new("."),
    };
    make(above)?;
    match fs::create_dir(path) {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
        made => made?,
    }
    sync(above).inspect_err(|_| {
        // Whoever comes next makes it anew, and its name is synced then: one that is there is taken for one whose name is on the disk.
        let _ = fs::remove_dir(path);
    })
}

/// Brings the names in a folder to the disk.
///
/// # Errors
/// When it cannot be opened or synced.
pub fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
