//! The issue numbers of this crate, 1440 to 1449. Each has one meaning, for ever.

/// There is no such provider, or it is not used any more.
pub const NO_PROVIDER: u16 = 1440;
/// A provider outside cannot be asked, or what it says of itself cannot be used.
pub const PROVIDER_FAILED: u16 = 1441;
/// No sign-in with a provider outside is under way in this browser, or it has ended, or was finished.
pub const NOT_UNDER_WAY: u16 = 1442;
/// The provider outside did not sign the person in.
pub const NOT_SIGNED_IN_THERE: u16 = 1443;
/// What a provider outside answers is not as it must be.
pub const BAD_ANSWER: u16 = 1444;
/// What is told of a provider outside cannot be.
pub const BAD_PROVIDER: u16 = 1445;
/// What a provider outside sends about signing out is not as it must be.
pub const BAD_SIGN_OUT: u16 = 1447;
/// A link to a provider outside was begun under another session.
pub const OTHER_SESSION: u16 = 1446;
