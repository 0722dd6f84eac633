//! What is watched: the folder, the open files below it, and the trace of what is done to them.

use std::collections::HashMap;
use std::ffi::{CStr, CString, c_char, c_int};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use saboteur::launch;
use saboteur::record::Record;

use crate::faults::Faults;
use crate::kernel;

/// How many files a process may have open for those below the folder to be told from the others.
const MOST_OPEN: usize = 65_536;

/// Which open files are below the folder: so that all others are passed on without a lock.
static OURS: [AtomicBool; MOST_OPEN] = [const { AtomicBool::new(false) }; MOST_OPEN];

static WATCH: OnceLock<Option<Mutex<Watch>>> = OnceLock::new();

/// An open file below the folder.
#[derive(Clone)]
pub struct Opened {
    pub inode: u64,
    /// Its path below the folder as it was when it was opened.
    pub path: String,
    pub is_folder: bool,
}

/// What is watched. Whoever holds it is alone, so that the trace has the order in which things were done.
pub struct Watch {
    folder: String,
    trace: Option<c_int>,
    open: HashMap<c_int, Opened>,
    syncs: u64,
    pub faults: Faults,
}

/// What is watched; `None` when nothing is.
pub fn watch() -> Option<MutexGuard<'static, Watch>> {
    let watch = WATCH.get_or_init(|| Watch::from_environment().map(Mutex::new)).as_ref()?;
    Some(watch.lock().unwrap_or_else(PoisonError::into_inner))
}

/// The file of a number, when it is below the folder, and what is watched.
pub fn opened(fd: c_int) -> Option<(MutexGuard<'static, Watch>, Opened)> {
    if !is_ours(fd) {
        return None;
    }
    let watch = watch()?;
    let opened = watch.open.get(&fd)?.clone();
    Some((watch, opened))
}

/// Whether an open file is below the folder.
pub fn is_ours(fd: c_int) -> bool {
    usize::try_from(fd).ok().and_then(|fd| OURS.get(fd)).is_some_and(|ours| ours.load(Ordering::Acquire))
}

impl Watch {
    fn from_environment() -> Option<Self> {
        let folder = std::env::var(launch::FOLDER).ok()?;
        let trace = std::env::var(launch::TRACE).ok().and_then(|path| {
            let path = CString::new(path).ok()?;
            // SAFETY: the path ends with a zero byte.
            let fd = unsafe {
                kernel::open(libc::AT_FDCWD, path.as_ptr(), libc::O_WRONLY | libc::O_CREAT | libc::O_APPEND | libc::O_CLOEXEC, 0o600)
            };
            (fd >= 0).then_some(fd)
        });
        Some(Self { folder, trace, open: HashMap::new(), syncs: 0, faults: Faults::from_environment() })
    }

    /// A path below the folder, relative to it; `None` when it is another.
    ///
    /// # Safety
    /// `path` ends with a zero byte.
    pub unsafe fn inside(&self, folder: c_int, path: *const c_char) -> Option<String> {
        // SAFETY: the caller's promise.
        let path = unsafe { CStr::from_ptr(path) }.to_str().ok()?;
        let whole = match folder {
            _ if path.starts_with('/') => path.to_owned(),
            libc::AT_FDCWD => format!("{}/{path}", kernel::link_target("/proc/self/cwd")?),
            fd => format!("{}/{path}", kernel::link_target(&format!("/proc/self/fd/{fd}"))?),
        };
        let whole = whole.replace("/./", "/");
        let below = whole.trim_end_matches(['/', '.']).strip_prefix(&self.folder)?;
        if below.is_empty() { Some(String::new()) } else { below.strip_prefix('/').map(str::to_owned) }
    }

    /// A file below the folder was opened.
    pub fn keep(&mut self, fd: c_int, opened: Opened) {
        if let Some(ours) = usize::try_from(fd).ok().and_then(|fd| OURS.get(fd)) {
            ours.store(true, Ordering::Release);
            self.open.insert(fd, opened);
        }
    }

    /// It is about to be closed.
    pub fn forget(&mut self, fd: c_int) {
        if let Some(ours) = usize::try_from(fd).ok().and_then(|fd| OURS.get(fd)) {
            ours.store(false, Ordering::Release);
            self.open.remove(&fd);
        }
    }

    /// The number of the next sync: no other of any process has it.
    pub fn next_sync(&mut self) -> u64 {
        self.syncs += 1;
        (u64::from(std::process::id()) << 32) | self.syncs
    }

    /// Appends to the trace.
    pub fn record(&self, record: &Record) {
        let Some(trace) = self.trace else { return };
        let bytes = record.encode();
        // SAFETY: the bytes are there.
        let written = unsafe { kernel::write(trace, bytes.as_ptr(), bytes.len(), None) };
        if usize::try_from(written) != Ok(bytes.len()) {
            // A trace with a gap proves nothing.
            std::process::abort();
        }
    }
}
