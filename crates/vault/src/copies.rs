//! What is kept elsewhere of the keys and of the list of erasures, so that a lost disk does not take everything with it.
//!
//! A copy takes the place of the one before it, whole: no older generation stays, so that a key that was destroyed is gone from the copy too. Of two lists of erasures that go
//! back to the same one the longer counts; lists that do not are refused, because nobody could say which of them names everybody who was erased.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use crate::erasures::{ERASURES_FILE, ErasureFile};
use crate::error::{Result, VaultError};
use crate::file::{KEYS_FILE, failed, sync_folder};
use crate::records::Erasures;

/// Copies a file of that name from one folder to another, in the place of what is there, unless both are the same. Says whether something was copied; nothing is when there is no
/// such file.
///
/// # Errors
/// [`VaultError::Records`] when a file cannot be read or written: what was there before is there still.
pub fn copy(name: &str, from: &Path, to: &Path) -> Result<bool> {
    let (source, target) = (from.join(name), to.join(name));
    let bytes = match std::fs::read(&source) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(e) => return Err(failed(&source, &e)),
    };
    if std::fs::read(&target).is_ok_and(|there| there == bytes) {
        return Ok(false);
    }
    let draft = to.join(format!("{name}.copying"));
    let write = || -> std::io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file: File = options.open(&draft)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        std::fs::rename(&draft, &target)?;
        sync_folder(&target)
    };
    write().map_err(|e| failed(&target, &e))?;
    Ok(true)
}

/// Brings the list of erasures in the folder `to` up to that in `from`, when this one goes on where that one ends. Says whether it was behind. A list that is not there
/// has no lines.
///
/// # Errors
/// [`VaultError::Records`] when a list cannot be read or was altered, or neither goes on where the other ends.
pub fn newest_erasures(from: &Path, to: &Path) -> Result<bool> {
    let (there, here) = (ErasureFile::in_directory(from).load()?, ErasureFile::in_directory(to).load()?);
    let shorter = there.len().min(here.len());
    if there[..shorter] != here[..shorter] {
        return Err(VaultError::Records(format!(
            "{} and {} are lists of other erasures: put the one there that belongs to the data",
            from.join(ERASURES_FILE).display(),
            to.join(ERASURES_FILE).display()
        )));
    }
    if there.len() <= here.len() { Ok(false) } else { copy(ERASURES_FILE, from, to) }
}

/// Whether there is a file of keys in a folder.
pub fn has_keys(folder: &Path) -> bool {
    folder.join(KEYS_FILE).exists()
}
