//! Whom a resource belongs to, for an engine that keeps what belongs to somebody under a key of theirs.

use crate::commit::Key;
use crate::entry::Entry;

/// Finds the owner of a resource.
pub trait Owners: Send + Sync {
    /// The one resource (`Patient/12`) that this version belongs to, by its key and its entries; itself when it is one of those who own. `None` when it belongs to
    /// nobody, or to several: then it does not go when one of them does.
    fn owner(&self, key: &Key, entries: &[Entry]) -> Option<Key>;
}
