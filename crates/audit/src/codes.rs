//! The issue numbers of this crate, 1450 to 1479. Each has one meaning, for ever.

/// The audit trail was altered.
pub const ALTERED: u16 = 1450;
