//! Prefixes: `ge2024-01-01` (<http://hl7.org/fhir/R4/search.html#prefix>).

use fhir::{Issue, IssueCode};
use store::query::Compare;

use crate::codes;
use crate::registry::support::PREFIXES;

/// The prefix of a value, `eq` when it has none, and the rest.
pub(super) fn prefix<'v>(name: &str, value: &'v str) -> Result<(Compare, &'v str), Issue> {
    let letters = value.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters == 0 {
        return Ok((Compare::Equal, value));
    }
    let (prefix, rest) = value.split_at(letters);
    match PREFIXES.iter().find(|(code, _)| *code == prefix) {
        Some((_, compare)) => Ok((*compare, rest)),
        None => {
            let known = PREFIXES.map(|(code, _)| code).join(", ");
            let rule = format!("a value of `{name}` begins with letters that are no prefix: it may be one of {known}");
            Err(Issue::error(codes::BAD_PREFIX, IssueCode::Value, "", rule))
        }
    }
}
