//! Tokens to search for (<http://hl7.org/fhir/R4/search.html#token>).

use fhir::{Issue, IssueCode};
use store::query::Test;

use crate::codes;
use crate::extract::display;
use crate::fold;
use crate::parse::clause::plain;
use crate::parse::escape::split;

/// The test of `code`, `system|code`, `|code` (in no system) and `system|` (any code of it).
pub(super) fn test(name: &str, value: &str, folds_case: bool) -> Result<Test, Issue> {
    let folded = |code: &str| -> Result<Option<Box<str>>, Issue> {
        let code = plain(name, code)?;
        Ok(if code.is_empty() { None } else { Some(if folds_case { fold::code(&code).into() } else { code.into() }) })
    };
    match split(value, '|').as_slice() {
        [code] => Ok(Test::Token { system: None, code: folded(code)? }),
        ["", ""] => Err(bad_token(name)),
        [system, code] => Ok(Test::Token { system: Some(plain(name, system)?.into()), code: folded(code)? }),
        _ => Err(bad_token(name)),
    }
}

/// The test of an identifier with its type: `system|code|value`, all of which are given.
pub(super) fn of_type(name: &str, value: &str) -> Result<Test, Issue> {
    let parts = split(value, '|').into_iter().map(|part| plain(name, part)).collect::<Result<Vec<_>, _>>()?;
    match parts.as_slice() {
        [system, code, value] if !code.is_empty() && !value.is_empty() => {
            let token = display::of_type(system, code, value);
            Ok(Test::Token { system: Some(token.system), code: Some(token.code) })
        }
        _ => {
            let rule = format!("a value of `{name}:of-type` is written `system|code|value`: the type of the identifier and its value");
            Err(Issue::error(codes::BAD_TOKEN, IssueCode::Value, "", rule))
        }
    }
}

fn bad_token(name: &str) -> Issue {
    let rule = format!(
        r"a value of `{name}` is written `code`, `system|code`, `|code` or `system|`; a bar that belongs to the code is written `\|`"
    );
    Issue::error(codes::BAD_TOKEN, IssueCode::Value, "", rule)
}
