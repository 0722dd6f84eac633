//! The folder in which letters wait, one file each, which nobody but its owner may read.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use identity::outbox::{Letter, Outbox};
use store::contract::Clock;
use tokio::sync::Notify;

use crate::letter::{self, Sender};

/// How many letters wait at most to be sent on; more are lost, and the log says so.
pub const MOST_LETTERS: usize = 10_000;

/// How many letters are kept that the server will never take.
pub const MOST_REFUSED: usize = 1000;

/// The longest letter, in bytes.
const LONGEST: u64 = 64 << 10;

/// How a letter ends that is whole.
const ENDING: &str = "eml";

/// The folder within for letters that the server will never take.
const REFUSED: &str = "refused";

/// A folder for letters.
pub struct Folder {
    path: PathBuf,
    sender: Sender,
    clock: Arc<dyn Clock>,
    written: AtomicU64,
    arrived: Notify,
}

impl Folder {
    /// The folder `path`; it is made with the first letter.
    pub fn new(path: PathBuf, sender: Sender, clock: Arc<dyn Clock>) -> Self {
        Self { path, sender, clock, written: AtomicU64::new(0), arrived: Notify::new() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whom its letters are from.
    pub fn sender(&self) -> &Sender {
        &self.sender
    }

    /// The present moment.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Waits for a letter that was written after the last time.
    pub async fn arrived(&self) {
        self.arrived.notified().await;
    }

    /// The letters that wait, the oldest first, at most [`MOST_LETTERS`].
    ///
    /// Fails when the folder cannot be read; one that is not there has none.
    pub fn waiting(&self) -> Result<Vec<PathBuf>> {
        let mut found = files(&self.path)?;
        found.sort();
        Ok(found)
    }

    /// What stands in a letter that waits.
    ///
    /// Fails when it cannot be read, is too long or no text.
    pub fn read(&self, letter: &Path) -> Result<String> {
        let mut text = String::new();
        let read = File::open(letter)?.take(LONGEST + 1).read_to_string(&mut text)?;
        if read as u64 > LONGEST { Err(Error::new(ErrorKind::InvalidData, "it is too long")) } else { Ok(text) }
    }

    /// Takes away a letter that the server has.
    ///
    /// Fails when it cannot be removed.
    pub fn sent(&self, letter: &Path) -> Result<()> {
        std::fs::remove_file(letter)
    }

    /// Lays a letter aside that the server will never take; when many lie there it is removed.
    ///
    /// Fails when it can be neither.
    pub fn refuse(&self, letter: &Path) -> Result<()> {
        let aside = self.path.join(REFUSED);
        make(&aside)?;
        match letter.file_name().filter(|_| files(&aside).is_ok_and(|refused| refused.len() < MOST_REFUSED)) {
            Some(name) => std::fs::rename(letter, aside.join(name)),
            None => std::fs::remove_file(letter),
        }
    }

    fn write(&self, letter: &Letter) -> Result<()> {
        make(&self.path)?;
        if files(&self.path)?.len() >= MOST_LETTERS {
            return Err(Error::other("too many letters wait to be sent on"));
        }
        let now = self.clock.now();
        let name = format!("{now}-{}-{}", std::process::id(), self.written.fetch_add(1, Ordering::Relaxed));
        // Whoever looks for letters finds whole ones.
        let (whole, begun) = (self.path.join(format!("{name}.{ENDING}")), self.path.join(format!("{name}.new")));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&begun)?;
        file.write_all(letter::text(letter, &self.sender, now, &name).as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&begun, &whole)?;
        File::open(&self.path)?.sync_all()
    }
}

impl Outbox for Folder {
    fn post(&self, letter: Letter) {
        match self.write(&letter) {
            Ok(()) => self.arrived.notify_one(),
            Err(error) => tracing::error!("a letter was not written to {}: {error}", self.path.display()),
        }
    }
}

/// Makes a folder that nobody but its owner may read.
fn make(path: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// The letters in a folder, at most [`MOST_LETTERS`].
fn files(path: &Path) -> Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let letters = entries.map(|entry| entry.map(|entry| entry.path()));
    letters
        .filter(|path| path.as_ref().map_or(true, |path| path.extension().is_some_and(|ending| ending == ENDING)))
        .take(MOST_LETTERS)
        .collect()
}
