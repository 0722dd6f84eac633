//! The issue numbers of this crate, 1300 to 1349. Each has one meaning, for ever.

/// No rule allows this: who asked, what was asked, and where a rule would have to be.
pub const FORBIDDEN: u16 = 1300;
/// A scope cannot be read.
pub const BAD_SCOPE: u16 = 1301;
/// A policy is no JSON, or too large.
pub const UNREADABLE_POLICY: u16 = 1320;
/// A policy has a member that the language does not have.
pub const UNKNOWN_MEMBER: u16 = 1321;
/// A member of a policy has a value that it cannot have, or parts of a rule do not go together.
pub const BAD_POLICY: u16 = 1322;
/// The criteria of a rule are no search of its types.
pub const BAD_CRITERIA: u16 = 1323;
/// An element that a rule hides or protects does not exist, or cannot be hidden.
pub const BAD_ELEMENT: u16 = 1324;
