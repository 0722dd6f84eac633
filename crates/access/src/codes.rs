//! The issue numbers of this crate, 1300 to 1349. Each has one meaning, for ever.

/// No rule allows this: who asked, what was asked, and where a rule would have to be.
pub const FORBIDDEN: u16 = 1300;
/// A scope cannot be read.
pub const BAD_SCOPE: u16 = 1301;
