//! A disk for tests: it loses what was not synced, tears what it writes, and makes calls fail.
//!
//! [`Faults`] watches the files of a folder. The files are real ones, and it keeps what a power loss may take back: since its last sync, every
//! write of a file with what it replaced. A test closes the database, in which the calls of a process that is gone come to nothing
//! ([`Faults::freeze`]), and then has [`Faults::power_loss`] leave the files as a disk could have left them.

mod chance;
mod unsynced;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use crate::treatment::{Call, Treatment, Verdict, Watch, treat, untreat};
use unsynced::Unsynced;

pub use chance::Chance;

/// The kinds of calls that can be made to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Reads.
    Read,
    /// Writes.
    Write,
    /// Syncs.
    Sync,
    /// Truncations.
    Truncate,
}

/// A disk that fails and forgets.
#[derive(Default)]
pub struct Faults {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    files: BTreeMap<PathBuf, Unsynced>,
    counts: BTreeMap<Kind, u64>,
    failing: Option<(Kind, u64)>,
    has_failed: bool,
    /// How many calls are done before the power is gone.
    left: Option<u64>,
    is_frozen: bool,
    lies: bool,
    room: Option<u64>,
    trace: Option<Vec<String>>,
}

impl Faults {
    /// Puts such a disk under the databases of a folder, which is there, from their next opening on. It verifies the checksums of pages.
    pub fn under(folder: &Path) -> Arc<Self> {
        let faults = Arc::new(Self::default());
        treat(folder, Treatment { verifies: true, watch: Some(faults.clone()) });
        faults
    }

    /// Has the `nth` call of a kind from now on fail, once; 0: the next.
    pub fn fail(&self, kind: Kind, nth: u64) {
        let mut state = self.state.lock();
        let before = state.counts.get(&kind).copied().unwrap_or(0);
        state.failing = Some((kind, before + nth));
    }

    /// Whether a call that was to fail has failed.
    pub fn has_failed(&self) -> bool {
        self.state.lock().has_failed
    }

    /// How many calls of a kind there were.
    pub fn count(&self, kind: Kind) -> u64 {
        self.state.lock().counts.get(&kind).copied().unwrap_or(0)
    }

    /// Has the disk full after so many more bytes; `None`: it has room again.
    pub fn leave_room(&self, bytes: Option<u64>) {
        self.state.lock().room = bytes;
    }

    /// Has the disk say that it has synced, without doing so.
    pub fn lie(&self) {
        self.state.lock().lies = true;
    }

    /// Has every call that changes something fail from now on: the process is gone.
    pub fn freeze(&self) {
        self.state.lock().is_frozen = true;
    }

    /// The same after so many more calls that change something. The last of them may be done in part.
    pub fn freeze_after(&self, calls: u64) {
        self.state.lock().left = Some(calls);
    }

    /// Whether it is so.
    pub fn is_frozen(&self) -> bool {
        self.state.lock().is_frozen
    }

    /// Has calls done again: the process is back. What was not synced is still kept for a power loss.
    pub fn thaw(&self) {
        let mut state = self.state.lock();
        (state.is_frozen, state.left, state.failing, state.room) = (false, None, None, None);
    }

    /// Leaves the files as a disk could have left them: of the writes that were not synced, some, in part, in any order. To be called when no
    /// connection has the files open. The same seed and the same calls before it leave the same.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn power_loss(&self, seed: u64) -> std::io::Result<()> {
        let mut state = self.state.lock();
        let mut chance = Chance::new(seed);
        for (path, unsynced) in std::mem::take(&mut state.files) {
            unsynced.lose(&path, &mut chance)?;
        }
        Ok(())
    }

    /// Forgets what was not synced: the files are others now.
    pub fn forget(&self) {
        self.state.lock().files.clear();
    }

    /// What a power loss with this seed would leave of one file, which stays as it is.
    pub fn left_of(&self, path: &Path, seed: u64) -> Vec<u8> {
        let state = self.state.lock();
        let content = std::fs::read(path).unwrap_or_default();
        state.files.get(path).map_or(content.clone(), |unsynced| unsynced.left(content, &mut Chance::new(seed)))
    }

    /// Writes every call down from now on.
    pub fn trace(&self) {
        self.state.lock().trace = Some(Vec::new());
    }

    /// What was written down.
    pub fn traced(&self) -> Vec<String> {
        self.state.lock().trace.clone().unwrap_or_default()
    }
}

/// Takes the disk away from under a folder when it is dropped.
pub struct Removed<'a>(pub &'a Path);

impl Drop for Removed<'_> {
    fn drop(&mut self) {
        untreat(self.0);
    }
}

impl Watch for Faults {
    fn before(&self, path: &Path, call: Call<'_>) -> Verdict {
        self.state.lock().before(path, call)
    }
}

impl State {
    fn before(&mut self, path: &Path, call: Call<'_>) -> Verdict {
        self.write_down(path, call);
        let kind = match call {
            Call::Open | Call::Delete => None,
            Call::Read { .. } => Some(Kind::Read),
            Call::Write { .. } => Some(Kind::Write),
            Call::Truncate { .. } => Some(Kind::Truncate),
            Call::Sync => Some(Kind::Sync),
        };
        if let Some(kind) = kind {
            let count = self.counts.entry(kind).or_default();
            *count += 1;
            if self.failing == Some((kind, *count - 1)) {
                (self.failing, self.has_failed) = (None, true);
                return Verdict::Fail;
            }
        }
        match call {
            Call::Open | Call::Read { .. } => Verdict::Proceed,
            _ => self.change(path, call),
        }
    }

    /// Judges a call that changes something, and remembers what it changes.
    fn change(&mut self, path: &Path, call: Call<'_>) -> Verdict {
        if self.is_frozen {
            return Verdict::Fail;
        }
        if let Some(left) = &mut self.left {
            match left.checked_sub(1) {
                Some(fewer) => *left = fewer,
                None => {
                    self.is_frozen = true;
                    return Verdict::Fail;
                }
            }
        }
        let file = self.files.entry(path.to_owned()).or_default();
        match call {
            Call::Write { offset, bytes } => {
                let grows = (offset + bytes.len() as u64).saturating_sub(Unsynced::size(path));
                if let Some(room) = &mut self.room {
                    match room.checked_sub(grows) {
                        Some(less) => *room = less,
                        None => {
                            let part = (bytes.len() as u64 - grows + *room) as usize;
                            *room = 0;
                            file.write(path, offset, bytes.get(..part).unwrap_or_default());
                            return Verdict::Full(part);
                        }
                    }
                }
                file.write(path, offset, bytes);
            }
            Call::Truncate { size } => file.truncate(path, size),
            Call::Sync if self.lies => return Verdict::Pretend,
            // What is removed stays removed: SQLite removes a log once nothing in it is needed.
            Call::Sync | Call::Delete => drop(self.files.remove(path)),
            Call::Open | Call::Read { .. } => {}
        }
        Verdict::Proceed
    }

    fn write_down(&mut self, path: &Path, call: Call<'_>) {
        let Some(trace) = &mut self.trace else { return };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        trace.push(match call {
            Call::Write { offset, bytes } => format!("{name}: write {} at {offset}", bytes.len()),
            other => format!("{name}: {other:?}"),
        });
    }
}
