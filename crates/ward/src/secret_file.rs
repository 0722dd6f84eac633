//! Files with secrets, which nobody but their owner may read: 32 bytes, or lines of text.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use store_embedded::folder;
use zeroize::Zeroizing;

use crate::command::Failure;

/// The secret in a file; it is made when the file is not there. Of two processes that make it at once one wins, and both have its secret.
///
/// Fails when the file cannot be read or written, or has another length.
pub fn of(path: &Path, make: impl FnOnce() -> Result<[u8; 32], Failure>) -> Result<[u8; 32], Failure> {
    let failed = |error: std::io::Error| Failure::failed(format!("{}: {error}", path.display()));
    let bytes = match std::fs::File::open(path) {
        Ok(file) => {
            let mut bytes = Vec::new();
            file.take(64).read_to_end(&mut bytes).map_err(failed)?;
            bytes
        }
        Err(error) if error.kind() == ErrorKind::NotFound => made(path, make()?)?,
        Err(error) => return Err(failed(error)),
    };
    bytes
        .try_into()
        .map_err(|_| Failure::failed(format!("{} holds no key of 32 bytes: restore it, or remove it for a new one", path.display())))
}

fn made(path: &Path, secret: [u8; 32]) -> Result<Vec<u8>, Failure> {
    let failed = |error: std::io::Error| Failure::failed(format!("{}: {error}", path.display()));
    let parent = path.parent().unwrap_or(Path::new("."));
    folder::make(parent).map_err(failed)?;
    // It is whole from the moment at which it has its name.
    let own = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&own).map_err(failed)?;
    file.write_all(&secret).and_then(|()| file.sync_all()).map_err(failed)?;
    let linked = std::fs::hard_link(&own, path);
    std::fs::remove_file(&own).map_err(failed)?;
    folder::sync(parent).map_err(failed)?;
    match linked {
        Ok(()) => Ok(secret.to_vec()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => std::fs::read(path).map_err(failed),
        Err(error) => Err(failed(error)),
    }
}

/// Adds a line to a file of lines, whole or not at all.
pub fn add_line(path: &Path, line: &str) -> std::io::Result<()> {
    let text = Zeroizing::new(std::fs::read_to_string(path)?);
    replace(path, &Zeroizing::new(format!("{}\n{line}\n", text.trim_end_matches('\n'))))
}

/// Keeps of a file the lines that pass, whole or not at all.
pub fn keep_lines(path: &Path, is_kept: impl Fn(&str) -> bool) -> std::io::Result<()> {
    let text = Zeroizing::new(std::fs::read_to_string(path)?);
    let kept: Vec<&str> = text.lines().filter(|line| is_kept(line)).collect();
    if kept.len() == text.lines().count() {
        return Ok(());
    }
    replace(path, &Zeroizing::new(format!("{}\n", kept.join("\n"))))
}

fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let own = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&own)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all())?;
    std::fs::rename(&own, path)?;
    folder::sync(path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new(".")))
}
