//! The issue numbers of this crate, 1400 to 1449. Each has one meaning, for ever.

/// A request to an OAuth endpoint is malformed.
pub const BAD_REQUEST: u16 = 1400;
