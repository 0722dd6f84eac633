//! Which host a request is for: one, and the same wherever it is named (RFC 9112, section 3.2).

use http::header::HOST;
use http::{Request, Version};

/// Whether a request names one host. HTTP/1.0 need not name any.
pub(super) fn is_sound<B>(request: &Request<B>) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    let named = request.uri().authority();
    match (hosts.next(), hosts.next()) {
        (None, _) => named.is_some() || request.version() == Version::HTTP_10,
        (Some(_), Some(_)) => false,
        (Some(host), None) => {
            let host = host.as_bytes();
            let is_plain = host.iter().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(byte));
            is_plain && named.is_none_or(|named| named.as_str().as_bytes().eq_ignore_ascii_case(host))
        }
    }
}
