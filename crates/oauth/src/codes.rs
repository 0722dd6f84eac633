//! The issue numbers of this crate, 1400 to 1449. Each has one meaning, for ever.

/// A request to an OAuth endpoint is malformed: a parameter is missing, stands twice, or cannot be understood.
pub const BAD_REQUEST: u16 = 1400;
/// The client is not known, or did not prove that it is it.
pub const INVALID_CLIENT: u16 = 1401;
/// A code or refresh token was used, has ended, belongs to another client, or never was.
pub const INVALID_GRANT: u16 = 1402;
/// The client may not do this.
pub const UNAUTHORIZED_CLIENT: u16 = 1403;
/// There is no such way to get a token.
pub const UNSUPPORTED_GRANT: u16 = 1404;
/// A scope cannot be read, or none of those asked for may be given.
pub const INVALID_SCOPE: u16 = 1405;
/// The user refused, or may not do it.
pub const ACCESS_DENIED: u16 = 1406;
/// A request that may show nothing needs the user: to sign in, to agree, or to choose a patient.
pub const NEEDS_USER: u16 = 1407;
/// There is no such way to answer an authorization request.
pub const UNSUPPORTED_RESPONSE: u16 = 1408;
/// Requests as signed objects are not understood.
pub const UNSUPPORTED_REQUEST: u16 = 1409;
/// The access token has ended, was revoked, or never was.
pub const INVALID_TOKEN: u16 = 1410;
/// The access token does not reach that far.
pub const INSUFFICIENT_SCOPE: u16 = 1411;
/// A redirect URI cannot be one.
pub const BAD_REDIRECT: u16 = 1412;
/// What a client says of itself cannot be.
pub const BAD_METADATA: u16 = 1413;
/// The directory takes no more at the moment: try again.
pub const BUSY: u16 = 1414;
/// The directory or a key failed.
pub const SERVER_ERROR: u16 = 1415;
/// The user has not decided yet.
pub const PENDING: u16 = 1416;
/// The device asks too often.
pub const SLOW_DOWN: u16 = 1417;
/// The code of the device has ended.
pub const EXPIRED: u16 = 1418;
/// Redirect URI or client are not known, so that nothing can be answered to the client.
pub const UNKNOWN_CLIENT: u16 = 1419;
