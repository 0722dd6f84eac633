//! What a file may lose: its changes since its last sync.

use std::fs::OpenOptions;
use std::io::Result;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::Chance;

/// What a disk writes as a whole.
const SECTOR_BYTES: u64 = 512;

/// The changes of a file since its last sync, in their order.
#[derive(Default)]
pub(super) struct Unsynced {
    changes: Vec<Change>,
}

struct Change {
    /// How long the file was before.
    size: u64,
    /// What stood there before, as far as something did.
    offset: u64,
    before: Vec<u8>,
    new: New,
}

enum New {
    Bytes(Vec<u8>),
    Size(u64),
}

/// How much of the changes a power loss leaves.
enum Left {
    All,
    Nothing,
    /// The first so many, and the next in part.
    First(usize),
    /// Each sector with a chance of so many percent.
    Some(u64),
}

impl Unsynced {
    /// The size of a file; 0 when it is not there.
    pub(super) fn size(path: &Path) -> u64 {
        std::fs::metadata(path).map_or(0, |meta| meta.len())
    }

    /// Remembers a write that is about to be done.
    pub(super) fn write(&mut self, path: &Path, offset: u64, bytes: &[u8]) {
        let before = read(path, offset, bytes.len() as u64);
        self.changes.push(Change { size: Self::size(path), offset, before, new: New::Bytes(bytes.to_vec()) });
    }

    /// Remembers a truncation that is about to be done.
    pub(super) fn truncate(&mut self, path: &Path, to: u64) {
        let size = Self::size(path);
        let before = read(path, to, size.saturating_sub(to));
        self.changes.push(Change { size, offset: to, before, new: New::Size(to) });
    }

    /// Takes changes back, as a power loss could.
    pub(super) fn lose(self, path: &Path, chance: &mut Chance) -> Result<()> {
        if !path.exists() {
            return Ok(());
        }
        std::fs::write(path, self.left(std::fs::read(path)?, chance))
    }

    /// What a power loss could leave of a file's content.
    pub(super) fn left(&self, mut content: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
        let count = self.changes.len();
        let left = match chance.below(6) {
            0 => Left::All,
            1 => Left::Nothing,
            2 => Left::First(chance.below(count as u64 + 1) as usize),
            3 => Left::Some(95),
            4 => Left::Some(10),
            _ => Left::Some(50),
        };
        for change in self.changes.iter().rev() {
            content.resize(change.size as usize, 0);
            put(&mut content, change.offset, &change.before);
        }
        for (place, change) in self.changes.iter().enumerate() {
            let percent = match left {
                Left::All => 100,
                Left::Nothing => 0,
                Left::First(first) if place < first => 100,
                Left::First(first) if place == first => 50,
                Left::First(_) => 0,
                Left::Some(percent) => percent,
            };
            change.redo(&mut content, chance, percent);
        }
        content
    }
}

impl Change {
    /// Does the change again, each sector of it with a chance.
    fn redo(&self, content: &mut Vec<u8>, chance: &mut Chance, percent: u64) {
        match &self.new {
            New::Size(size) if chance.percent(percent) => content.truncate(*size as usize),
            New::Size(_) => {}
            New::Bytes(bytes) => {
                let mut rest = &bytes[..];
                let mut at = self.offset;
                while !rest.is_empty() {
                    let count = (SECTOR_BYTES - at % SECTOR_BYTES).min(rest.len() as u64);
                    let (sector, behind) = rest.split_at(count as usize);
                    if chance.percent(percent) {
                        put(content, at, sector);
                    }
                    (at, rest) = (at + count, behind);
                }
            }
        }
    }
}

/// Reads what there is of these bytes.
fn read(path: &Path, offset: u64, count: u64) -> Vec<u8> {
    let mut bytes = vec![0; count as usize];
    let Ok(file) = OpenOptions::new().read(true).open(path) else { return Vec::new() };
    let mut done = 0;
    while let Some(rest) = bytes.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, offset + done as u64) {
            Ok(0) | Err(_) => break,
            Ok(count) => done += count,
        }
    }
    bytes.truncate(done);
    bytes
}

/// Puts bytes into a file's content, which grows with zeros where it is too short.
fn put(content: &mut Vec<u8>, offset: u64, bytes: &[u8]) {
    let end = offset as usize + bytes.len();
    if bytes.is_empty() {
        return;
    }
    if content.len() < end {
        content.resize(end, 0);
    }
    if let Some(place) = content.get_mut(offset as usize..end) {
        place.copy_from_slice(bytes);
    }
}
