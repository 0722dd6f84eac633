//! The issue numbers of this crate, 1350 to 1399. Each has one meaning, for ever.

/// A name is taken already.
pub const TAKEN: u16 = 1350;
