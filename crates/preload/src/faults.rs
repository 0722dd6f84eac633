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
    /// How many bytes files may still grow; `None` while the disk is not full.
    left: Option<u64>,
}

impl Faults {
    pub fn from_environment() -> Self {
        let variable = |name| std::env::var(name).ok();
        let full = variable(launch::FULL).and_then(|gate| CString::new(gate).ok()).map(|gate| Full { gate, left: None });
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
    pub fn room(&mut self, length: u64, at: u64, count: usize) -> usize {
        let Some(full) = &mut self.full else { return count };
        let Some(content) = kernel::content(&full.gate) else {
            full.left = None;
            return count;
        };
        let left = full.left.get_or_insert_with(|| content.trim().parse().unwrap_or(0));
        let grows = (at + count as u64).saturating_sub(length.max(at));
        let short = grows.saturating_sub(*left);
        *left -= grows - short;
        count - short as usize
    }

    /// A file has become shorter by this many bytes, or is gone.
    pub fn give_back(&mut self, bytes: u64) {
        if let Some(left) = self.full.as_mut().and_then(|full| full.left.as_mut()) {
            *left += bytes;
        }
    }
}

impl Failing {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let (operation, left, path) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { operation: operation.parse().ok()?, left: left.parse().ok()?, path: path.to_owned() })
    }
}
