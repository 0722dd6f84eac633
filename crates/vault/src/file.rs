//! Keys in a file: frames that are added at the end, and a new file in its place when something has to go.
//!
//! A frame is `length (4) | first 8 bytes of the SHA-256 of the content | content`. What is written waits in memory until [`Records::sync`] makes it one frame; so only
//! the last frame can be cut off, and nobody depends on it yet.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;
use parking_lot::Mutex;

use crate::error::{Result, VaultError};
use crate::record::Item;
use crate::records::Records;

/// The name of the file in a data directory.
pub const KEYS_FILE: &str = "keys";

const MAGIC: &[u8] = b"ward keys 1\n";

const HEAD_BYTES: usize = 12;

/// How many bytes of items go into a frame of a new file.
const FRAME_BYTES: usize = 1 << 20;

/// The file of keys in a data directory.
pub struct KeyFile {
    path: PathBuf,
    state: Mutex<State>,
}

struct State {
    file: File,
    pending: Vec<u8>,
    /// Whether a write failed: what the file ends with is not known then.
    failed: bool,
}

impl KeyFile {
    /// Opens the file in a directory, or makes it. Only one process at a time may: whoever holds the data directory.
    ///
    /// # Errors
    /// [`VaultError::Records`] when it cannot be opened, or is none of these.
    pub fn open(directory: &Path) -> Result<Self> {
        let path = directory.join(KEYS_FILE);
        let mut file = open(&path, false).map_err(|e| failed(&path, &e))?;
        let length = file.metadata().map_err(|e| failed(&path, &e))?.len();
        if length < MAGIC.len() as u64 {
            // A file that was being made: nothing can depend on it.
            let made = file.set_len(0).and_then(|()| file.write_all(MAGIC)).and_then(|()| file.sync_all());
            made.and_then(|()| sync_folder(&path)).map_err(|e| failed(&path, &e))?;
        }
        Ok(Self { path, state: Mutex::new(State { file, pending: Vec::new(), failed: false }) })
    }

    fn guarded<T>(&self, act: impl FnOnce(&mut State) -> std::io::Result<T>) -> Result<T> {
        let mut state = self.state.lock();
        if state.failed {
            return Err(VaultError::Records(format!("{}: an earlier write failed: start again", self.path.display())));
        }
        act(&mut state).map_err(|e| {
            state.failed = true;
            failed(&self.path, &e)
        })
    }
}

impl Records for KeyFile {
    fn load(&self) -> Result<Vec<Item>> {
        let mut bytes = Vec::new();
        File::open(&self.path).and_then(|mut file| file.read_to_end(&mut bytes)).map_err(|e| failed(&self.path, &e))?;
        let damaged = |at: usize| {
            VaultError::Records(format!(
                "{} is damaged at byte {at}: put back a copy of it, with the newest list of erasures",
                self.path.display()
            ))
        };
        let mut rest = bytes.strip_prefix(MAGIC).ok_or_else(|| damaged(0))?;
        let mut items = Vec::new();
        while !rest.is_empty() {
            let at = bytes.len() - rest.len();
            let Some(content) = frame(&mut rest) else {
                if is_inside(rest) {
                    return Err(damaged(at));
                }
                // The last frame was cut off. The next one begins where it did.
                self.guarded(|state| state.file.set_len(at as u64).and_then(|()| state.file.sync_all()))?;
                break;
            };
            let mut content = content;
            while !content.is_empty() {
                items.push(Item::read(&mut content).ok_or_else(|| damaged(at))?);
            }
        }
        Ok(items)
    }

    fn write(&self, items: &[Item]) -> Result<()> {
        self.guarded(|state| {
            items.iter().for_each(|item| item.write(&mut state.pending));
            Ok(())
        })
    }

    fn sync(&self) -> Result<()> {
        self.guarded(|state| {
            if state.pending.is_empty() {
                return Ok(());
            }
            let content = std::mem::take(&mut state.pending);
            state.file.write_all(&framed(&content))?;
            state.file.sync_data()
        })
    }

    fn replace(&self, items: &mut dyn Iterator<Item = Item>) -> Result<()> {
        let draft = self.path.with_file_name(format!("{KEYS_FILE}.new"));
        self.guarded(|state| {
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
            wipe(&state.file)?;
            state.file = file;
            state.pending.clear();
            Ok(())
        })
    }
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

fn framed(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEAD_BYTES + content.len());
    out.extend_from_slice(&(content.len() as u32).to_be_bytes());
    out.extend_from_slice(&mark(content));
    out.extend_from_slice(content);
    out
}

/// Takes a whole frame off the front.
fn frame<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(HEAD_BYTES)?;
    let (length, expected) = head.split_first_chunk::<4>()?;
    let length = u32::from_be_bytes(*length) as usize;
    let (content, tail) = tail.split_at_checked(length).filter(|_| length > 0)?;
    if mark(content) != expected {
        return None;
    }
    *rest = tail;
    Some(content)
}

/// Whether a frame that is not whole has others after it: then it was whole once.
fn is_inside(rest: &[u8]) -> bool {
    let length = rest.split_first_chunk::<4>().map_or(0, |(length, _)| u32::from_be_bytes(*length) as usize);
    length > 0 && HEAD_BYTES + length < rest.len()
}

fn mark(content: &[u8]) -> [u8; 8] {
    let mut out = [0; 8];
    out.copy_from_slice(digest::digest(&digest::SHA256, content).as_ref().split_at(8).0);
    out
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
