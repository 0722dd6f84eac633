//! Small texts that tell whether they are what was written: a line for the kind, `name value` lines, and a hash of them all.

use std::fmt::{Display, Write};
use std::fs::File;
use std::path::Path;
use std::str::FromStr;

use xxhash_rust::xxh3::xxh3_128;

use crate::error::{Result, StoreError};

/// A hash that also stands for everything that the hashed text names.
pub(crate) type Seal = u128;

/// A text that is being written.
pub(crate) struct Draft(String);

impl Draft {
    /// Begins a text of a kind, as `ward base 1`.
    pub(crate) fn new(kind: &str) -> Self {
        Self(format!("{kind}\n"))
    }

    /// Adds a line.
    pub(crate) fn line(mut self, name: &str, value: impl Display) -> Self {
        let _ = writeln!(self.0, "{name} {value}");
        self
    }

    /// Ends the text, and gives its seal.
    pub(crate) fn sealed(self) -> (String, Seal) {
        let seal = xxh3_128(self.0.as_bytes());
        (format!("{}seal {seal:032x}\n", self.0), seal)
    }
}

/// A text that was read.
pub(crate) struct Fields<'a> {
    text: &'a str,
    path: &'a Path,
    pub(crate) seal: Seal,
}

/// Reads the text at the beginning of `bytes`, and gives what follows it. `is_trusted` leaves the comparison with the seal out.
pub(crate) fn open<'a>(path: &'a Path, kind: &str, bytes: &'a [u8], is_trusted: bool) -> Result<(Fields<'a>, &'a [u8])> {
    let begin = format!("{kind}\n");
    if !bytes.starts_with(begin.as_bytes()) {
        return Err(bad(path, "it is of another kind"));
    }
    let broken = || bad(path, "it is not what was written");
    let mark = b"\nseal ";
    let at = bytes.windows(mark.len()).position(|window| window == mark).ok_or_else(broken)? + 1;
    let (text, rest) = bytes.split_at(at);
    let end = "seal ".len() + 32 + 1;
    let (line, rest) = rest.split_at_checked(end).ok_or_else(broken)?;
    let seal = xxh3_128(text);
    if !is_trusted && line != format!("seal {seal:032x}\n").as_bytes() {
        return Err(broken());
    }
    let text = std::str::from_utf8(text).map_err(|_| broken())?;
    Ok((Fields { text, path, seal }, rest))
}

/// Reads a text that is a file of its own.
pub(crate) fn open_whole<'a>(path: &'a Path, kind: &str, bytes: &'a [u8], is_trusted: bool) -> Result<Fields<'a>> {
    let (fields, rest) = open(path, kind, bytes, is_trusted)?;
    if rest.is_empty() || is_trusted { Ok(fields) } else { Err(bad(path, "something follows it")) }
}

impl Fields<'_> {
    /// The value of a line.
    pub(crate) fn text(&self, name: &str) -> Result<&str> {
        let found = self.text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        found.ok_or_else(|| bad(self.path, &format!("it does not say {name}")))
    }

    /// The value of a line as a number.
    pub(crate) fn number<T: FromStr>(&self, name: &str) -> Result<T> {
        self.text(name)?.parse().map_err(|_| bad(self.path, &format!("its {name} is no number")))
    }

    /// The value of a line as a hash.
    pub(crate) fn hash(&self, name: &str) -> Result<u128> {
        u128::from_str_radix(self.text(name)?, 16).map_err(|_| bad(self.path, &format!("its {name} is no hash")))
    }
}

/// What is wrong with a file of a backup.
pub(crate) fn bad(path: &Path, what: &str) -> StoreError {
    StoreError::BadBackup(format!("{}: {what}", path.display()))
}

/// Writes a file under another name, syncs it, and gives it its name: it is there whole, or not at all.
pub(crate) fn write_whole(path: &Path, parts: &[&[u8]]) -> std::io::Result<()> {
    use std::io::Write;
    let draft = path.with_extension("tmp");
    let mut file = File::create(&draft)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.sync_all()?;
    drop(file);
    give_name(&draft, path)
}

/// Gives a synced file its name, durably.
pub(crate) fn give_name(draft: &Path, path: &Path) -> std::io::Result<()> {
    std::fs::rename(draft, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
