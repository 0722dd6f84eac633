//! Who has used up how much: one number each, by the generic cell rate algorithm, in a table that does not grow.
//!
//! The number is the moment at which somebody will have their whole quota again. The table has sets of eight places, and a key belongs in one of
//! them; when its set is full, the one who is nearest to their whole quota gives way. So whoever comes from very many addresses can make others
//! forgotten, and never fill the memory.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, PoisonError};

use store::commit::Instant;

use super::Quota;

/// How many sets: 64 Ki places, a megabyte.
const SETS: usize = 8 << 10;

/// Who has used up how much.
pub(crate) struct Meter {
    sets: Box<[Mutex<[Place; 8]>]>,
    keys: RandomState,
}

#[derive(Clone, Copy, Default)]
struct Place {
    key: u64,
    /// When the quota is whole again, in microseconds.
    whole_at_us: u64,
}

/// What came of a request for one of a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Whether it was there.
    pub(crate) is_allowed: bool,
    /// How many are left.
    pub(crate) left: u32,
    /// After how many seconds the quota is whole again; when it was not there, after how many there is one again.
    pub(crate) after_s: u32,
}

impl Meter {
    /// Nobody has used up anything.
    pub(crate) fn new() -> Self {
        Self { sets: (0..SETS).map(|_| Mutex::default()).collect(), keys: RandomState::new() }
    }

    /// Takes one of the quota that belongs to `key`, if there is one left at the moment `now_ms`.
    ///
    /// A clock that went back costs at most the quota's own time: nobody's is whole later than that from now.
    pub(crate) fn take(&self, key: impl Hash, quota: Quota, now_ms: Instant) -> Taken {
        let key = self.keys.hash_one(key);
        let now_us = u64::try_from(now_ms).unwrap_or(0).saturating_mul(1000);
        let window_us = u64::from(quota.window_s.max(1)) * 1_000_000;
        let each_us = window_us / u64::from(quota.count.max(1));
        let mut set = self.sets[key as usize % SETS].lock().unwrap_or_else(PoisonError::into_inner);
        let place = match set.iter().position(|place| place.key == key) {
            Some(known) => &mut set[known],
            None => {
                let spare = (0..set.len()).min_by_key(|index| set[*index].whole_at_us).unwrap_or(0);
                set[spare] = Place { key, whole_at_us: 0 };
                &mut set[spare]
            }
        };
        let owed_us = place.whole_at_us.saturating_sub(now_us).min(window_us);
        if owed_us + each_us > window_us {
            place.whole_at_us = now_us + owed_us;
            return Taken { is_allowed: false, left: 0, after_s: seconds(owed_us + each_us - window_us).max(1) };
        }
        place.whole_at_us = now_us + owed_us + each_us;
        let left = ((window_us - owed_us - each_us) / each_us) as u32;
        Taken { is_allowed: true, left, after_s: seconds(owed_us + each_us) }
    }
}

/// Microseconds as whole seconds, rounded up.
fn seconds(us: u64) -> u32 {
    us.div_ceil(1_000_000) as u32
}
