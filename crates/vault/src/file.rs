//! Keys in a file: frames that are added at the end, and a new file in its place when something has to go.
//!
//! - [`frames`]: what a frame is, and what of a file is whole.
//!
//! What is written waits in memory until [`Records::sync`] makes it one frame; so only
//! the last frame can be cut off, and nobody depends on it yet.

mod frames;

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;
use parking_lot::Mutex;

use crate::error::{Result, VaultError};
use crate::record::Item;
use crate::records::Records;
use frames::{MAGIC, framed, whole};

/// The name of the file in a data directory.
pub const KEYS_FILE: &str = "keys";

/// How many bytes of items go into a frame of a new file.
const FRAME_BYTES: usize = 1 << 20;

/// The name of the file whose lock says who may write.
const LOCK_FILE: &str = "keys.lock";

/// The file of keys in a data directory. Several processes may read it; the first one that writes holds it until it ends.
pub struct KeyFile {
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The file as it was read: how many bytes of it are whole, and the hash of all of them. `None` before it was read.
    seen: Option<(u64, [u8; 32])>,
    /// The file to write to, with the lock; `None` before the first write.
    held: Option<Held>,
    pending: Vec<u8>,
    /// Whether a write failed: what the file ends with is not known then.
    failed: bool,
}

struct Held {
    file: File,
    _lock: File,
}

impl KeyFile {
    /// The file in a directory. Nothing is made before the first key is.
    ///
    /// # Errors
    /// [`VaultError::Records`] when there is something else of that name.
    pub fn open(directory: &Path) -> Result<Self> {
        let path = directory.join(KEYS_FILE);
        if path.is_dir() {
            return Err(VaultError::Records(format!("{} is a folder", path.display())));
        }
        Ok(Self { path, state: Mutex::default() })
    }

    /// Does something with the file, which is this process's from then on.
    fn holding<T>(&self, act: impl FnOnce(&mut State, &mut Held) -> std::io::Result<T>) -> Result<T> {
        let mut state = self.state.lock();
        if state.failed {
            return Err(VaultError::Records(format!("{}: an earlier write failed: start again", self.path.display())));
        }
        let mut held = match state.held.take() {
            Some(held) => held,
            None => self.take(&mut state)?,
        };
        let done = act(&mut state, &mut held);
        state.held = Some(held);
        done.map_err(|e| {
            state.failed = true;
            failed(&self.path, &e)
        })
    }

    /// Takes the file for this process, as it was when it was read, and cuts off what was not written whole.
    fn take(&self, state: &mut State) -> Result<Held> {
        let in_use = || VaultError::Records(format!("{} is written by another process: stop it first", self.path.display()));
        let opened = || -> std::io::Result<_> {
            let lock = File::options().create(true).truncate(false).write(true).open(self.path.with_file_name(LOCK_FILE))?;
            if lock.try_lock().is_err() {
                return Ok(None);
            }
            Ok(Some((lock, open(&self.path, false)?, self.bytes()?)))
        };
        let (lock, mut file, bytes) = opened().map_err(|e| failed(&self.path, &e))?.ok_or_else(in_use)?;
        let (whole, hash) = match state.seen {
            Some(seen) => seen,
            None => (whole(&self.path, &bytes)?.1, hash(&bytes)),
        };
        if hash != self::hash(&bytes) {
            return Err(VaultError::Records(format!("{} was changed by another process: start again", self.path.display())));
        }
        let mut prepare = || {
            file.set_len(whole)?;
            if whole == 0 {
                file.write_all(MAGIC)?;
            }
            file.sync_all()?;
            sync_folder(&self.path)
        };
        prepare().map_err(|e| failed(&self.path, &e))?;
        Ok(Held { file, _lock: lock })
    }

    fn bytes(&self) -> std::io::Result<Vec<u8>> {
        match std::fs::read(&self.path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            read => read,
        }
    }
}

impl Records for KeyFile {
    fn load(&self) -> Result<Vec<Item>> {
        let mut state = self.state.lock();
        let bytes = self.bytes().map_err(|e| failed(&self.path, &e))?;
        let (items, end) = whole(&self.path, &bytes)?;
        if state.held.is_none() {
            state.seen = Some((end, hash(&bytes)));
        }
        Ok(items)
    }

    fn write(&self, items: &[Item]) -> Result<()> {
        self.holding(|state, _| {
            items.iter().for_each(|item| item.write(&mut state.pending));
            Ok(())
        })
    }

    fn sync(&self) -> Result<()> {
        if self.state.lock().pending.is_empty() {
            return Ok(());
        }
        self.holding(|state, held| {
            let content = std::mem::take(&mut state.pending);
            if content.is_empty() {
                return Ok(());
            }
            held.file.write_all(&framed(&content))?;
            held.file.sync_data()
        })
    }

    fn replace(&self, items: &mut dyn Iterator<Item = Item>) -> Result<()> {
        let draft = self.path.with_file_name(format!("{KEYS_FILE}.new"));
        self.holding(|state, held| {
            std::fs::remove_file(&draft).or_else(|e| if e.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(e) })?;
            let mut file = open(&draft, true)?;
            file.write_all(MAGIC)?;
            let mut content = Vec::new();
            for item in items {
                item.write(&mut content);
                if content.len() >= FRAME_BYTES {
                    file.write_all(&framed(&std::mem::take(&mut content)))?;
                }
            }
            if !content.is_empty() {
                file.write_all(&framed(&content))?;
            }
            file.sync_all()?;
            std::fs::rename(&draft, &self.path)?;
            sync_folder(&self.path)?;
            wipe(&held.file)?;
            held.file = file;
            state.pending.clear();
            Ok(())
        })
    }
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

fn open(path: &Path, is_new: bool) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true).create_new(is_new);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Empties a file that no name leads to any more, so that its blocks are free even while a copy of it is being read. What the disk keeps of them is the disk's affair.
fn wipe(file: &File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.sync_all()
}

pub(crate) fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

pub(crate) fn failed(path: &Path, e: &std::io::Error) -> VaultError {
    VaultError::Records(format!("{}: {e}", path.display()))
}
