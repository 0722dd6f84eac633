//! Redirect URIs: which can be one, and which is meant (RFC 8252, section 7; RFC 9700, section 2.1).

use crate::refusal::{Fault, Refusal};

/// The longest there may be, in bytes.
const LONGEST: usize = 2000;

/// That an address can be a redirect URI: `https`, `http` on loopback, or a scheme of the app's own that has a dot in it, such as `org.example.app:/back`.
///
/// Fails with `invalid_redirect_uri`, and the rule.
pub fn check(uri: &str) -> Result<(), Refusal> {
    let wrong = |why: &str| Err(Refusal::new(Fault::InvalidRedirect, why));
    if uri.len() > LONGEST || !uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\\"<>^`{|}*".contains(&byte)) {
        return wrong("A redirect URI has at most 2000 visible ASCII letters, no backslash and no asterisk.");
    }
    if uri.contains('#') {
        return wrong("A redirect URI has no fragment.");
    }
    if is_https(uri) || is_private(uri) {
        return Ok(());
    }
    wrong("A redirect URI begins with https://, with http:// on loopback, or with a scheme of the app that has a dot in it.")
}

/// Whether an address begins with `https://` and a host, or with `http://` and a host on loopback. One that names a user is none.
pub fn is_https(uri: &str) -> bool {
    let secure = uri.strip_prefix("https://").map(|rest| authority(rest).0);
    let is_host = |host: &str| !host.is_empty() && !host.contains('@') && !host.starts_with(':');
    secure.is_some_and(is_host) || loopback(uri).is_some() || localhost(uri)
}

/// Whether the address asked for is the one that is registered: the same letters; on loopback the port may differ.
pub fn is_meant(registered: &str, asked: &str) -> bool {
    registered == asked || loopback(registered).zip(loopback(asked)).is_some_and(|(registered, asked)| registered == asked)
}

/// A scheme of an app's own: the name of a domain turned round.
fn is_private(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else { return false };
    let is_scheme = scheme.contains('.')
        && scheme.starts_with(|letter: char| letter.is_ascii_lowercase())
        && scheme.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte));
    is_scheme && rest.starts_with('/')
}

/// What is before the path, and the rest.
fn authority(rest: &str) -> (&str, &str) {
    rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()))
}

/// The host and what comes after the port of an address on loopback.
fn loopback(uri: &str) -> Option<(&str, &str)> {
    let (authority, rest) = authority(uri.strip_prefix("http://")?);
    let host = ["127.0.0.1", "[::1]"].into_iter().find(|host| authority.starts_with(host))?;
    is_port(&authority[host.len()..]).then_some((host, rest))
}

/// `http://localhost`: its port is not free, as the name may lead elsewhere.
fn localhost(uri: &str) -> bool {
    uri.strip_prefix("http://localhost").is_some_and(|rest| is_port(authority(rest).0))
}

fn is_port(text: &str) -> bool {
    text.is_empty() || text.strip_prefix(':').is_some_and(|port| !port.starts_with('+') && port.parse::<u16>().is_ok())
}
