//! Bodies set aside to train a dictionary from.
//!
//! - [`mod@bare`]: without what is somebody's, when bodies are sealed.

mod bare;

pub(crate) use bare::bare;

use bytes::Bytes;
use parking_lot::Mutex;

/// When a dictionary is trained: after how many bodies, of which every so-many-th is taken.
struct Stage {
    wanted: usize,
    every: usize,
}

/// The first is made early, for most of the gain; the second has seen more kinds of resources. There is no third.
const STAGES: [Stage; 2] = [Stage { wanted: 1_000, every: 1 }, Stage { wanted: 4_000, every: 8 }];

/// How many bytes of bodies are set aside at most.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The bodies set aside so far.
#[derive(Default)]
pub(crate) struct Samples {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How many stages are over.
    over: usize,
    seen: usize,
    taken: Vec<Bytes>,
    bytes: usize,
}

impl Samples {
    /// Drops what was set aside: an erase may have been about some of it.
    pub(crate) fn forget(&self) {
        let mut state = self.state.lock();
        state.taken = Vec::new();
        state.bytes = 0;
    }

    /// Looks at a body that is written while there are `dictionaries` dictionaries. Gives back all that were set aside
    /// once there are enough for another one.
    pub(crate) fn add(&self, dictionaries: u32, text: &Bytes) -> Option<Vec<Bytes>> {
        // While a dictionary is trained, it is not counted yet.
        let stage = STAGES.get(dictionaries as usize)?;
        let mut state = self.state.lock();
        if state.over > dictionaries as usize {
            return None;
        }
        state.seen += 1;
        if !state.seen.is_multiple_of(stage.every) {
            return None;
        }
        state.bytes += text.len();
        state.taken.push(text.clone());
        if state.taken.len() < stage.wanted && state.bytes < MOST_BYTES {
            return None;
        }
        let over = dictionaries as usize + 1;
        Some(std::mem::replace(&mut *state, State { over, ..State::default() }).taken)
    }
}
