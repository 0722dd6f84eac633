//! The issue numbers of this crate, 1480 to 1499. Each has one meaning, for ever.

/// What was sealed does not open with the key that it names.
pub const SEAL_BROKEN: u16 = 1480;
