//! Cookies: what a browser brings, and what it is given (RFC 6265).

use http::{HeaderMap, HeaderValue, header};

/// A cookie that no script sees.
pub(super) struct Cookie<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its value; empty: the browser forgets it.
    pub(super) value: &'a str,
    /// For how many seconds; `None`: until the browser is closed.
    pub(super) max_age_s: Option<i64>,
    /// Whether it goes along when the user follows a link from another site.
    pub(super) follows_links: bool,
}

/// The value of a cookie; `None` when it is not there, or there more than once.
pub(super) fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value);
    let first = values.next().filter(|value| !value.is_empty() && value.len() <= 256)?;
    values.next().is_none().then_some(first)
}

/// The name of a cookie: where TLS is spoken, one that a browser takes with `Secure` and from this host alone.
pub(super) fn name(name: &str, is_secure: bool) -> String {
    if is_secure { format!("__Host-{name}") } else { name.to_owned() }
}

/// Gives a cookie along with an answer.
pub(super) fn set(headers: &mut HeaderMap, cookie: &Cookie<'_>, is_secure: bool) {
    let Cookie { name, value, max_age_s, follows_links } = cookie;
    let site = if *follows_links { "Lax" } else { "Strict" };
    let age = if value.is_empty() { Some(0) } else { *max_age_s };
    let age = age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let secure = if is_secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite={site}{age}{secure}");
    headers.extend(HeaderValue::from_str(&text).map(|value| (header::SET_COOKIE, value)));
}
