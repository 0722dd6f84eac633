//! The steps that an evaluation may take.

use std::cell::Cell;

use roaring::RoaringBitmap;

use crate::error::Error;
use crate::tree::At;

/// The steps that are left.
pub(super) struct Budget {
    left: Cell<u64>,
    allowed: u64,
}

impl Budget {
    pub(super) fn new(allowed: u64) -> Self {
        Self { left: Cell::new(allowed), allowed }
    }

    /// Takes so many steps.
    pub(super) fn take(&self, steps: u64, at: At) -> Result<(), Error> {
        match self.left.get().checked_sub(steps) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => {
                let message = format!("the constraint takes more than {} steps: ask for fewer concepts", self.allowed);
                Err(Error::limit(at.0, message))
            }
        }
    }

    /// Takes the steps for merging a set.
    pub(super) fn merge(&self, set: &RoaringBitmap, at: At) -> Result<(), Error> {
        self.take(1 + set.len() / 64, at)
    }
}
