//! The issue numbers of this crate, 1350 to 1399. Each has one meaning, for ever.

/// A name is taken already.
pub const TAKEN: u16 = 1350;
/// There is no such account, session, key or factor.
pub const UNKNOWN: u16 = 1351;
/// A value is not as it must be.
pub const INVALID: u16 = 1352;
/// A password is too easy to guess.
pub const WEAK_PASSWORD: u16 = 1353;
/// A link was used, has ended, or never was.
pub const LINK_SPENT: u16 = 1354;
/// The login or the password is wrong.
pub const SIGN_IN_REFUSED: u16 = 1355;
/// Too many attempts failed: there is a while to wait.
pub const WAIT: u16 = 1356;
/// The second factor is wrong.
pub const FACTOR_REFUSED: u16 = 1357;
/// There is no session, or it has ended.
pub const NOT_SIGNED_IN: u16 = 1358;
/// The account has no membership in this tenant.
pub const NO_MEMBERSHIP: u16 = 1359;
/// Registration is not open.
pub const REGISTRATION_CLOSED: u16 = 1360;
/// Another changed the same at the same time.
pub const RACED: u16 = 1361;
/// The directory takes no more at the moment.
pub const BUSY: u16 = 1362;
/// The directory failed.
pub const DIRECTORY_FAILED: u16 = 1363;
/// The machine gives no randomness.
pub const NO_RANDOMNESS: u16 = 1364;
/// What was sealed does not open.
pub const UNSEALABLE: u16 = 1365;
/// An API key has made as many requests as it may for this minute.
pub const KEY_LIMIT: u16 = 1366;
/// What is asked does not fit the state of the account.
pub const WRONG_STATE: u16 = 1367;
/// A value of a tenant is not as it must be.
pub const TENANT_INVALID: u16 = 1380;
/// A name belongs to another tenant, or did.
pub const TENANT_TAKEN: u16 = 1381;
/// There is no such tenant.
pub const TENANT_UNKNOWN: u16 = 1382;
/// What is asked does not fit how the tenant stands.
pub const TENANT_STANDING: u16 = 1383;
/// There are as many tenants as there may be.
pub const TENANTS_FULL: u16 = 1384;
/// No account here is that of a person whom a provider outside vouches for.
pub const NOT_LINKED: u16 = 1385;
/// A person at a provider outside is that of an account already.
pub const ALREADY_LINKED: u16 = 1386;
/// A session that opens one tenant only may not change what opens the account in others.
pub const ONE_TENANT_ONLY: u16 = 1387;
/// The list of breached passwords cannot be read.
pub const LIST_UNREAD: u16 = 1388;
