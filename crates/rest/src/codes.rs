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
