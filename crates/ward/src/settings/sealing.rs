//! Whether what is to be sealed can be.

use super::{SealBodies, SealIndex, Settings};

impl Settings {
    /// Why the index cannot be sealed as the settings say, and what to do; `None` when it can.
    ///
    /// Sealed hashes beside bodies in clear would hide nothing, and the words of narratives have everybody's name.
    pub fn sealing_problem(&self) -> Option<String> {
        if self.seal_index == SealIndex::Off {
            return None;
        }
        if self.seal_bodies == SealBodies::Off {
            return Some("seal_index needs seal_bodies: set that to patient or tenant, or seal_index to off".to_owned());
        }
        self.index_words
            .then(|| "seal_index does not go with index_words, as the words of narratives have names: set one of the two".to_owned())
    }
}
