//! Uris and canonicals to search for (<http://hl7.org/fhir/R4/search.html#uri>).

use fhir::{Issue, IssueCode};
use store::query::Test;

use super::Asked;
use crate::codes;
use crate::parse::clause::plain;
use crate::parse::escape::split;
use crate::registry::support::Modifier;

/// The test of `uri`, and of `uri|version` for a canonical; only a canonical has versions below it.
pub(super) fn test(name: &str, value: &str, asked: Asked, has_versions: bool) -> Result<Test, Issue> {
    let (uri, version) = match split(value, '|').as_slice() {
        [uri] => (plain(name, uri)?, None),
        [uri, version] if !uri.is_empty() && !version.is_empty() => (plain(name, uri)?, Some(plain(name, version)?)),
        _ => return Err(bad_uri(name, "is written `uri` or `uri|version`")),
    };
    match (asked.modifier, version) {
        (Some(Modifier::Below), None) => Ok(Test::UriBelow(uri.into())),
        (Some(Modifier::Above), None) => Ok(Test::UriAbove(uri.into())),
        (Some(Modifier::Below), Some(version)) if has_versions => Ok(Test::UriOfVersion { uri: uri.into(), below: version.into() }),
        (Some(Modifier::Below | Modifier::Above), Some(_)) => Err(bad_uri(name, "has no version together with this modifier")),
        (_, version) => Ok(Test::Uri { uri: uri.into(), version: version.map(Into::into) }),
    }
}

fn bad_uri(name: &str, rule: &str) -> Issue {
    Issue::error(codes::BAD_URI, IssueCode::Value, "", format!("a value of `{name}` {rule}"))
}
