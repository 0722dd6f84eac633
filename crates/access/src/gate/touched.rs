//! What a request was given: the list that its audit rows are made of.

use std::sync::{Mutex, PoisonError};

use store::commit::Key;
use store::query::Version;

/// How many versions are noted. Of a request that is given more it is known that it was.
pub const MAX_TOUCHED: usize = 20_000;

/// The versions that a gate gave out, each as often as it was given.
#[derive(Debug, Default)]
pub struct Touched(Mutex<Noted>);

#[derive(Debug, Default)]
struct Noted {
    versions: Vec<(Key, u64)>,
    is_cut: bool,
}

impl Touched {
    /// Notes versions. A deletion is noted too: it tells that there was a resource.
    pub(super) fn note<'v>(&self, versions: impl IntoIterator<Item = &'v Version>) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for version in versions {
            if noted.versions.len() == MAX_TOUCHED {
                noted.is_cut = true;
                return;
            }
            noted.versions.push((version.key.clone(), version.version));
        }
    }

    /// What was noted since the last call, in the order in which it was given out, and whether there was more than [`MAX_TOUCHED`].
    pub fn take(&self) -> (Vec<(Key, u64)>, bool) {
        let noted = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        (noted.versions, noted.is_cut)
    }
}
