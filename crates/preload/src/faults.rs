//! What is to fail, and how full the disk is.

use std::ffi::CString;

use saboteur::launch;
use saboteur::record::Operation;

use crate::kernel;

/// The faults that the environment asks for.
pub struct Faults {
    /// What fails once.
    failing: Option<Failing>,
    /// A part of the paths whose syncs do nothing.
    lying: Option<String>,
    full: Option<Full>,
}

struct Failing {
    operation: Operation,
    /// How many come before it, and it itself.
    left: u64,
    path: String,
}

struct Full {
    gate: CString,
    path: String,
    /// How many blocks there are left; `None` while the disk is not full.
    left: Option<u64>,
}

/// What a disk gives to a file at a time, in bytes.
const BLOCK: u64 = 4096;

impl Full {
    fn parse(text: &str) -> Option<Self> {
        let (path, gate) = text.split_once(':')?;
        Some(Self { gate: CString::new(gate).ok()?, path: path.to_owned(), left: None })
    }

    /// How many blocks are left now for a file; `None` when the disk is not full.
    fn left(&mut self, path: &str) -> Option<&mut u64> {
        if !path.contains(&self.path) {
            return None;
        }
        match kernel::content(&self.gate) {
            None => {
                self.left = None;
                None
            }
            Some(bytes) => Some(self.left.get_or_insert_with(|| bytes.trim().parse::<u64>().unwrap_or(0) / BLOCK)),
        }
    }
}

impl Faults {
    pub fn from_environment() -> Self {
        let variable = |name| std::env::var(name).ok();
        let full = variable(launch::FULL).and_then(|text| Full::parse(&text));
        Self { failing: variable(launch::FAIL).and_then(|text| Failing::parse(&text)), lying: variable(launch::LIE), full }
    }

    /// Whether this operation is the one that fails.
    pub fn strikes(&mut self, operation: Operation, path: &str) -> bool {
        let Some(failing) = &mut self.failing else { return false };
        if failing.left == 0 || failing.operation != operation || !path.contains(&failing.path) {
            return false;
        }
        failing.left -= 1;
        failing.left == 0
    }

    /// Whether a sync of this path only says that it was done.
    pub fn lies(&self, path: &str) -> bool {
        self.lying.as_ref().is_some_and(|part| path.contains(part))
    }

    /// How many of `count` bytes at `at` there is room for, in a file of this length.
    pub fn room(&mut self, path: &str, length: u64, at: u64, count: usize) -> usize {
        let Some(left) = self.full.as_mut().and_then(|full| full.left(path)) else { return count };
        let has = length.div_ceil(BLOCK);
        let end = (at + count as u64).min((has + *left) * BLOCK);
        *left -= end.div_ceil(BLOCK).saturating_sub(has);
        end.saturating_sub(at) as usize
    }

    /// A file of this length is cut to another, or is gone.
    pub fn give_back(&mut self, path: &str, length: u64, to: u64) {
        if let Some(left) = self.full.as_mut().and_then(|full| full.left(path)) {
            *left += length.div_ceil(BLOCK).saturating_sub(to.div_ceil(BLOCK));
        }
    }

    /// Whether [`Faults::give_back`] is of any use.
    pub fn may_be_full(&self) -> bool {
        self.full.is_some()
    }
}

impl Failing {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let (operation, left, path) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { operation: operation.parse().ok()?, left: left.parse().ok()?, path: path.to_owned() })
    }
}
