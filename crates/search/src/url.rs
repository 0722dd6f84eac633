//! The pairs of a query string.

use fhir::{Issue, IssueCode};

use crate::codes;

/// The names and values of a query string or a form's body, in their order: `a=1&b=x%20y`.
///
/// `+` is a blank. A pair without `=` has an empty value; empty pairs are passed over.
///
/// # Errors
///
/// WARD-0329 for each pair with a `%` that is not followed by two hexadecimal digits, or whose bytes are not UTF-8.
pub fn query_pairs(query: &str) -> Result<Vec<(String, String)>, Vec<Issue>> {
    let mut pairs = Vec::new();
    let mut issues = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match (decode(name), decode(value)) {
            (Some(name), Some(value)) => pairs.push((name, value)),
            (Some(name), None) => issues.push(broken(&format!("the value of `{}`", crate::parse::shortened(&name)))),
            (None, _) => issues.push(broken("the name of a parameter")),
        }
    }
    if issues.is_empty() { Ok(pairs) } else { Err(issues) }
}

fn broken(what: &str) -> Issue {
    let rule = format!("{what} is not percent-encoded UTF-8: write a percent sign itself as `%25`");
    Issue::error(codes::BAD_PERCENT, IssueCode::Invalid, "", rule)
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hex(rest.next()?)? * 16 + hex(rest.next()?)?,
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The query string of these pairs, as [`query_pairs`] reads it.
pub fn query_string(pairs: &[(String, String)]) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        if !query.is_empty() {
            query.push('&');
        }
        encode(&mut query, name);
        query.push('=');
        encode(&mut query, value);
    }
    query
}

/// Appends a text percent-encoded; what a query may have in it unencoded, and FHIR often has, stays readable.
fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/,$|*@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}
