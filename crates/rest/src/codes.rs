//! The issue numbers of this crate, 500 to 599. Each has one meaning, for ever.

/// The body is not well-formed JSON.
pub const MALFORMED_JSON: u16 = 500;
/// The body is empty where a resource is needed.
pub const EMPTY_BODY: u16 = 501;
/// The body's Content-Type is missing, or none that the server reads.
pub const UNSUPPORTED_MEDIA_TYPE: u16 = 502;
/// The client accepts none of the formats that the server writes.
pub const NOT_ACCEPTABLE: u16 = 503;
/// The body is larger than the server takes.
pub const BODY_TOO_LARGE: u16 = 504;
/// The body's Content-Encoding is none that the server reads.
pub const UNSUPPORTED_ENCODING: u16 = 505;
/// The body does not decompress as its Content-Encoding says.
pub const BROKEN_ENCODING: u16 = 506;
/// The body ended before it was complete.
pub const BODY_CUT_OFF: u16 = 507;
/// The body did not arrive in time.
pub const BODY_TOO_SLOW: u16 = 508;
/// There is nothing at this path.
pub const UNKNOWN_PATH: u16 = 509;
/// The path does not have this method.
pub const METHOD_NOT_ALLOWED: u16 = 510;
/// The address is longer than the server takes.
pub const URL_TOO_LONG: u16 = 511;
/// The query string has a parameter that the interaction does not know, or one with a value it does not know.
pub const UNKNOWN_PARAMETER: u16 = 512;
/// A header is malformed.
pub const BAD_HEADER: u16 = 513;
/// The server failed.
pub const INTERNAL: u16 = 514;
/// The server has more to do, or less memory, than it takes to do this now.
pub const OVERLOADED: u16 = 518;
/// The headers of the request are too many, or too long.
pub const HEAD_TOO_LARGE: u16 = 519;
/// The head of the request is not HTTP.
pub const MALFORMED_HEAD: u16 = 520;
/// A header has no meaning with the interaction, and whoever sends it relies on it.
pub const HEADER_WITHOUT_MEANING: u16 = 517;
/// A Binary's data is not base64, so that its content cannot be sent on its own.
pub const BROKEN_CONTENT: u16 = 516;
/// Nobody is known to ask, and somebody has to be.
pub const NO_CREDENTIAL: u16 = 521;
/// The token or session is unknown, has ended or was revoked.
pub const INVALID_CREDENTIAL: u16 = 522;
/// The Authorization header is none of RFC 6750, or there are several.
pub const MALFORMED_CREDENTIAL: u16 = 523;
/// The token or session is good, and not for this.
pub const INSUFFICIENT_CREDENTIAL: u16 = 524;
/// It was asked more often than is allowed.
pub const THROTTLED: u16 = 525;
/// The request changes something, and comes from a page of another site.
pub const FOREIGN_ORIGIN: u16 = 526;
/// The request came in plain HTTP to a port where TLS is spoken.
pub const TLS_WANTED: u16 = 527;
/// The request names no host, or several.
pub const BAD_HOST: u16 = 528;
/// The tenant is suspended.
pub const TENANT_SUSPENDED: u16 = 529;
/// The tenant is being deleted.
pub const TENANT_ENDING: u16 = 530;
/// The request names a host that is none of those of a server that asks nobody who they are.
pub const FOREIGN_HOST: u16 = 531;
