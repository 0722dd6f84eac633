//! Texts to search for (<http://hl7.org/fhir/R4/search.html#string>).

use fhir::{Issue, IssueCode};
use store::query::Test;

use super::Asked;
use crate::codes;
use crate::fold;
use crate::parse::clause::plain;
use crate::registry::support::Modifier;

/// The test of a text: it begins the entry, is in it (`:contains`) or is it (`:exact`).
pub(super) fn test(name: &str, value: &str, asked: Asked) -> Result<Test, Issue> {
    let text = plain(name, value)?;
    if asked.is(Modifier::Exact) {
        return Ok(Test::Exactly(fold::forms(&text)));
    }
    let folded: Box<str> = Box::from(fold::bounded(&fold::text(&text)));
    if folded.is_empty() {
        let rule = format!("a value of `{name}` has no letter or digit to look for: every text would match");
        return Err(Issue::error(codes::BAD_TEXT, IssueCode::Value, "", rule));
    }
    Ok(if asked.is(Modifier::Contains) { Test::Contains(folded) } else { Test::StartsWith(folded) })
}
