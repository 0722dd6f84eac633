//! How much is read and done.

/// No longer constraint or expression is read, in bytes.
pub const MAX_BYTES: usize = 65_536;

/// No deeper brackets are read.
pub const MAX_DEPTH: usize = 48;

/// What an evaluation may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Steps: one for a concept, relationship, description or row that is looked at, and one for each 64 concepts of a set that is merged.
    pub steps: u64,
}

impl Default for Limits {
    /// What a large edition needs for a constraint over all its concepts, and what takes no more than a second.
    fn default() -> Self {
        Self { steps: 20_000_000 }
    }
}
