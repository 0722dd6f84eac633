//! A `.zip` of a package.

use std::io::Cursor;

use fhir::Issue;

use super::{Files, Gathered, no_file, unreadable};

/// Reads all entries. When no entry is below `package/`, the archive is that folder itself.
pub(super) fn read(bytes: &[u8], mut gathered: Gathered) -> Result<Files, Issue> {
    let damaged = |error: zip::result::ZipError| unreadable(format!("the archive cannot be unpacked: {error}"));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let is_inside = archive.file_names().any(|name| name.as_ref().is_ok_and(|name| &**name == "package.json"));
    for index in 0..archive.len() {
        gathered.count()?;
        let mut entry = archive.by_index(index).map_err(damaged)?;
        let name = entry.name().map_err(|_| unreadable("an entry has a name that is no text"))?.into_owned();
        if entry.is_symlink() {
            return Err(no_file(&name, "a link"));
        }
        super::path::checked(&name)?;
        if entry.is_dir() {
            continue;
        }
        let path = if is_inside { format!("package/{name}") } else { name };
        let size = entry.size();
        gathered.file(&path, size, &mut entry)?;
    }
    gathered.finish()
}
