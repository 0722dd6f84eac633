//! How the databases of a folder are treated otherwise than usual, by tests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::RwLock;

/// A call that changes a file, or reads it.
#[derive(Clone, Copy, Debug)]
pub enum Call<'a> {
    /// The file is opened, and made if it is not there.
    Open,
    /// So many bytes are read.
    Read {
        /// From where.
        offset: u64,
        /// How many.
        bytes: usize,
    },
    /// Bytes are written, as they go to the disk.
    Write {
        /// Where.
        offset: u64,
        /// What.
        bytes: &'a [u8],
    },
    /// The file is cut off.
    Truncate {
        /// How long it is afterwards.
        size: u64,
    },
    /// What was written is to be on the disk when the call returns.
    Sync,
    /// The file is removed.
    Delete,
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is done.
    Proceed,
    /// It is not done, and said to be.
    Pretend,
    /// It is not done: an error of the device.
    Fail,
    /// Of a write, so many bytes are done; of another call nothing. Then there is no room on the disk.
    Full(usize),
}

/// Sees each call on the files of a folder before it is done.
pub trait Watch: Send + Sync {
    /// Says what becomes of a call on the file at `path`.
    fn before(&self, path: &Path, call: Call<'_>) -> Verdict;
}

/// How the databases of a folder are treated.
#[derive(Clone)]
pub struct Treatment {
    /// Whether the checksums of pages are verified.
    pub verifies: bool,
    /// Who sees the calls.
    pub watch: Option<Arc<dyn Watch>>,
}

impl Default for Treatment {
    fn default() -> Self {
        Self { verifies: true, watch: None }
    }
}

static IS_ANY: AtomicBool = AtomicBool::new(false);
static TREATED: RwLock<BTreeMap<PathBuf, Treatment>> = RwLock::new(BTreeMap::new());

/// Has the databases of a folder, which is there, treated so from their next opening on.
#[doc(hidden)]
pub fn treat(folder: &Path, treatment: Treatment) {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    TREATED.write().insert(folder, treatment);
    IS_ANY.store(true, Ordering::Release);
}

/// Has them treated as usual.
#[doc(hidden)]
pub fn untreat(folder: &Path) {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    TREATED.write().remove(&folder);
}

/// How a file is treated.
pub(crate) fn of(file: &Path) -> Treatment {
    if !IS_ANY.load(Ordering::Acquire) {
        return Treatment::default();
    }
    file.parent().and_then(|folder| TREATED.read().get(folder).cloned()).unwrap_or_default()
}
