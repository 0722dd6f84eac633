//! The account of an import: what was written, what was refused, and what broke it off.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::rejects::{Reject, Rejects};
use crate::command::Failure;
use crate::progress::Progress;

/// What became of an import.
#[derive(Debug, Default)]
pub struct Summary {
    /// Resources that were created or changed.
    pub written: u64,
    /// Resources that were there already, as they are.
    pub unchanged: u64,
    /// Lines and entries that were refused.
    pub rejected: u64,
    /// What they are, where they were to be kept.
    pub refused: Vec<Reject>,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Resources a second, the unchanged ones included.
    pub per_second: u64,
}

/// How many refused resources are named on standard error; the rejects file has all.
const NAMED_REJECTS: u64 = 20;

/// The account, kept by all threads of an import.
pub struct Ledger {
    written: AtomicU64,
    unchanged: AtomicU64,
    rejected: AtomicU64,
    failed: AtomicBool,
    failure: Mutex<Option<String>>,
    rejects: Mutex<Rejected>,
}

/// What becomes of what is refused.
pub enum Rejected {
    /// It goes to a file; the first are named on standard error too.
    File(Rejects),
    /// The first are named on standard error.
    Named,
    /// It is handed out at the end.
    Kept(Vec<Reject>),
}

impl Ledger {
    /// An empty account, and where what is refused goes.
    pub fn new(rejects: Rejected) -> Self {
        Self {
            written: AtomicU64::new(0),
            unchanged: AtomicU64::new(0),
            rejected: AtomicU64::new(0),
            failed: AtomicBool::new(false),
            failure: Mutex::new(None),
            rejects: Mutex::new(rejects),
        }
    }

    /// So many were written.
    pub fn written(&self, count: u64) {
        self.written.fetch_add(count, Ordering::Relaxed);
    }

    /// So many were there already.
    pub fn unchanged(&self, count: u64) {
        self.unchanged.fetch_add(count, Ordering::Relaxed);
    }

    /// How many were written or there already.
    pub fn handled(&self) -> u64 {
        self.written.load(Ordering::Relaxed) + self.unchanged.load(Ordering::Relaxed)
    }

    /// The import cannot go on; the first reason counts.
    pub fn fail(&self, reason: String) {
        self.failed.store(true, Ordering::Relaxed);
        if let Ok(mut failure) = self.failure.lock() {
            failure.get_or_insert(reason);
        }
    }

    /// Whether it cannot go on.
    pub fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// Sets one aside, with the reason.
    pub fn reject(&self, reject: Reject) {
        let count = self.rejected.fetch_add(1, Ordering::Relaxed) + 1;
        let Ok(mut rejects) = self.rejects.lock() else { return };
        if count <= NAMED_REJECTS && !matches!(*rejects, Rejected::Kept(_)) {
            eprintln!("ward: {}: {}", reject.origin, reject.issues.first().map_or("", String::as_str));
        }
        match &mut *rejects {
            Rejected::File(rejects) => {
                if let Err(error) = rejects.add(&reject) {
                    self.fail(format!("{}: {error}", rejects.path().display()));
                }
            }
            Rejected::Named => {}
            Rejected::Kept(kept) => kept.push(reject),
        }
    }

    /// Closes the account: what became of the import, or why it broke off.
    pub fn close(&self, progress: &Progress) -> Result<Summary, Failure> {
        let mut refused = Vec::new();
        if let Ok(mut rejects) = self.rejects.lock() {
            match &mut *rejects {
                Rejected::File(file) => {
                    file.finish().map_err(|error| Failure::failed(format!("{}: {error}", file.path().display())))?;
                }
                Rejected::Named => {}
                Rejected::Kept(kept) => refused = std::mem::take(kept),
            }
        }
        if let Some(failure) = self.failure.lock().ok().and_then(|mut failure| failure.take()) {
            return Err(Failure::failed(failure));
        }
        Ok(Summary {
            written: self.written.load(Ordering::Relaxed),
            unchanged: self.unchanged.load(Ordering::Relaxed),
            rejected: self.rejected.load(Ordering::Relaxed),
            refused,
            seconds: progress.seconds(),
            per_second: progress.rate(self.handled()),
        })
    }
}
