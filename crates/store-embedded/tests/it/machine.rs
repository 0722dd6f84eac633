//! A machine for a store to run on: a folder, a disk with faults, and a power switch.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};

use disk::faults::Faults;
use store::Store;
use store::contract::{Clock, Pending};
use store::suite::Harness;
use store::suite::synthetic::SyntheticExtract;
use store_embedded::{Embedded, FILE_NAME, Options};
use tempfile::TempDir;

use crate::fixture::copy;

/// What of the protections is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protection {
    All,
    /// Commits are acknowledged before they are synced.
    NoSync,
    /// The disk says that it has synced, and has not.
    LyingDisk,
    /// The log that a crash has left is believed before it is synced.
    NoLogSync,
    /// The index is not brought up to the truth.
    NoReplay,
}

/// What becomes of the index when the machine stops.
#[derive(Clone, Copy, Debug)]
pub(crate) enum IndexFate {
    /// It is as it was on disk.
    Kept,
    /// What it had in memory went to disk as well.
    Flushed,
    Removed,
    /// An older copy of it is there.
    Older,
    /// One of its files is cut off.
    Cut(u64),
}

/// A machine.
pub(crate) struct Machine {
    place: TempDir,
    pub(crate) faults: Arc<Faults>,
    protection: Protection,
    checkpoint_pages: u32,
    open: Mutex<Weak<Embedded>>,
    fatal: Arc<AtomicBool>,
}

/// A variable of the environment that is a number.
pub(crate) fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Where temporary folders are made: in memory where that can be had, because syncs are simulated anyway.
pub(crate) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a folder")
}

impl Machine {
    pub(crate) fn new(protection: Protection, checkpoint_pages: u32) -> Arc<Self> {
        let place = folder();
        std::fs::create_dir(place.path().join("data")).expect("a folder");
        let faults = Faults::under(&place.path().join("data"));
        if protection == Protection::LyingDisk {
            faults.lie();
        }
        Arc::new(Self { place, faults, protection, checkpoint_pages, open: Mutex::default(), fatal: Arc::default() })
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.place.path().join("data")
    }

    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// The store that is open.
    pub(crate) fn store(&self) -> Arc<Embedded> {
        self.open.lock().expect("the store").upgrade().expect("an open store")
    }

    fn index(&self) -> PathBuf {
        self.data().join("index-0")
    }

    /// Keeps a copy of what the index has on disk now.
    pub(crate) fn copy_index(&self) {
        remove(&self.beside("older"));
        copy(&self.index(), &self.beside("older"));
    }

    /// Stops the machine at this moment: nothing that happens until it is started reaches its files. `close` drops the store.
    pub(crate) fn stop(&self, index: IndexFate, close: impl FnOnce()) {
        self.faults.freeze();
        let kept = self.beside("kept");
        remove(&kept);
        copy(&self.index(), &kept);
        close();
        let now = self.index();
        match index {
            IndexFate::Flushed => {}
            IndexFate::Removed => remove(&now),
            IndexFate::Older if self.beside("older").exists() => {
                remove(&now);
                copy(&self.beside("older"), &now);
            }
            IndexFate::Kept | IndexFate::Older => {
                remove(&now);
                copy(&kept, &now);
            }
            IndexFate::Cut(chance) => cut(&now, chance),
        }
    }

    /// Starts it again. After a power loss, its disk has lost what was not synced.
    pub(crate) fn start(&self, power_loss: Option<u64>) {
        if let Some(seed) = power_loss {
            self.faults.power_loss(seed).expect("what is left");
            if seed.is_multiple_of(2) {
                std::fs::remove_file(self.data().join(format!("{FILE_NAME}-shm"))).ok();
            }
        }
        self.faults.thaw();
    }

    /// Puts a backup in the place of the data.
    pub(crate) fn restore(&self, backup: &Path) {
        remove(&self.data());
        self.faults.forget();
        std::fs::create_dir(self.data()).expect("a folder");
        remove(&self.beside("older"));
        store_embedded::restore(backup, &self.data(), None).expect("a restoration");
    }

    /// Whether the store has wanted the process to end, since this was asked the last time.
    pub(crate) fn was_fatal(&self) -> bool {
        self.fatal.swap(false, Ordering::SeqCst)
    }

    /// How its store is opened.
    pub(crate) fn options(&self, clock: Arc<dyn Clock>) -> Options {
        let fatal = Arc::clone(&self.fatal);
        Options {
            sync: self.protection != Protection::NoSync,
            syncs_log: self.protection != Protection::NoLogSync,
            replay: self.protection != Protection::NoReplay,
            checkpoint_pages: self.checkpoint_pages,
            cache_bytes: 1 << 20,
            index_cache_bytes: 1 << 20,
            on_fatal: Arc::new(move |_| fatal.store(true, Ordering::SeqCst)),
            ..Options::new(self.data(), Arc::new(SyntheticExtract), clock)
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        disk::untreat(&self.data());
    }
}

/// Opens the store of a machine.
pub(crate) struct OnMachine(pub(crate) Arc<Machine>);

impl Harness for OnMachine {
    fn open(&mut self, clock: Arc<dyn Clock>) -> Pending<'_, Arc<dyn Store>> {
        let store = Arc::new(Embedded::open(self.0.options(clock)).expect("a store that opens"));
        *self.0.open.lock().expect("the store") = Arc::downgrade(&store);
        Box::pin(std::future::ready(store as Arc<dyn Store>))
    }
}

fn remove(folder: &Path) {
    if folder.exists() {
        std::fs::remove_dir_all(folder).expect("a folder that goes");
    }
}

/// Cuts one of the files in a folder and those below it.
fn cut(folder: &Path, chance: u64) {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    if files.is_empty() {
        return;
    }
    let file = std::fs::File::options().write(true).open(&files[chance as usize % files.len()]).expect("a file");
    let size = file.metadata().expect("a file").len();
    file.set_len(size.saturating_sub(1 + chance % 64)).expect("a file that is cut");
}
