//! Prefixes: `ge2024-01-01` (<http://hl7.org/fhir/R4/search.html#prefix>).

use fhir::{Issue, IssueCode};
use store::query::Compare;

use crate::codes;

/// The prefix of a value, `eq` when it has none, and the rest.
pub(super) fn prefix<'v>(name: &str, value: &'v str) -> Result<(Compare, &'v str), Issue> {
    let letters = value.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters == 0 {
        return Ok((Compare::Equal, value));
    }
    let (prefix, rest) = value.split_at(letters);
    let compare = match prefix {
        "eq" => Compare::Equal,
        "ne" => Compare::NotEqual,
        "gt" => Compare::Greater,
        "lt" => Compare::Less,
        "ge" => Compare::GreaterOrEqual,
        "le" => Compare::LessOrEqual,
        "sa" => Compare::StartsAfter,
        "eb" => Compare::EndsBefore,
        "ap" => Compare::Approximately,
        _ => {
            let rule =
                format!("a value of `{name}` begins with letters that are no prefix: it may be eq, ne, gt, lt, ge, le, sa, eb or ap");
            return Err(Issue::error(codes::BAD_PREFIX, IssueCode::Value, "", rule));
        }
    };
    Ok((compare, rest))
}
