//! Cookies, as a browser sends them (RFC 6265).

use http::{HeaderMap, header};

/// The cookie of a session where TLS is spoken. A browser takes a name that begins so only with `Secure`, for all paths, and from this host alone.
pub const SESSION_COOKIE: &str = "__Host-ward-session";

/// The same where it is not, on a loopback address.
pub const SESSION_COOKIE_PLAIN: &str = "ward-session";

/// The value of a cookie; `None` when it is not there, or there more than once: then another host of the domain has set one, too.
pub(super) fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value);
    let first = values.next()?;
    values.next().is_none().then_some(first)
}
