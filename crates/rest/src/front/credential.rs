//! What a request brings to prove who sends it.

use http::request::Parts;
use http::{HeaderValue, header};

use super::cookie::{self, SESSION_COOKIE, SESSION_COOKIE_PLAIN};
use crate::caller::Credential;
use crate::failure::Failure;

/// How many bytes a token has at most.
const LONGEST_TOKEN: usize = 4096;

/// The characters of a token (`b64token` of RFC 6750).
static IN_TOKENS: [bool; 256] = {
    let mut are_in = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        are_in[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=');
        byte += 1;
    }
    are_in
};

/// Whether a path is that of a page, and not of the API.
pub(crate) fn is_page(path: &str) -> bool {
    !is_below(path, "/fhir") && !is_below(path, "/api")
}

/// Whether a path is one of administration, which scripts of Ward's own pages ask under a session.
pub(super) fn is_administration(path: &str) -> bool {
    is_below(path, crate::administration::PREFIX)
}

fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a request brings; `None`: nothing. A cookie counts for pages (`takes_cookie`) only.
///
/// [`Failure::MalformedCredential`] when there are several, or one that is none of RFC 6750: which of them is meant would be a guess.
pub(crate) fn of(head: &Parts, takes_cookie: bool) -> Result<Option<Credential<'_>>, Failure> {
    let mut values = head.headers.get_all(header::AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => bearer(value).map(|token| Some(Credential::Bearer(token))).ok_or(Failure::MalformedCredential),
        (Some(_), Some(_)) => Err(Failure::MalformedCredential),
        (None, _) if takes_cookie => {
            let cookie = cookie::value(&head.headers, SESSION_COOKIE).or_else(|| cookie::value(&head.headers, SESSION_COOKIE_PLAIN));
            Ok(cookie.filter(|value| !value.is_empty() && value.len() <= LONGEST_TOKEN).map(Credential::Session))
        }
        (None, _) => Ok(None),
    }
}

/// The token of `Bearer TOKEN`.
fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim_matches(' ');
    let is_token = |byte: u8| IN_TOKENS[usize::from(byte)];
    let fits = (1..=LONGEST_TOKEN).contains(&token.len()) && token.bytes().all(is_token);
    (scheme.eq_ignore_ascii_case("bearer") && fits).then_some(token)
}
