//! What an operator may want to see of a store.

/// Figures of a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Versions written since the first.
    pub versions: u64,
    /// Bytes of the database file and its write-ahead log.
    pub truth_bytes: u64,
    /// Bytes of the index on the disk.
    pub index_bytes: u64,
    /// Texts in the cache.
    pub cached_texts: u64,
    /// Bytes of the cache.
    pub cached_bytes: u64,
    /// How often a text was in the cache, since the store opened.
    pub cache_hits: u64,
    /// How often a text was not in the cache, since the store opened.
    pub cache_misses: u64,
    /// The number of the dictionary that compresses; 0 before the first was trained.
    pub dictionary: u32,
}
