//! The conditions of an entry: none is passed over.

use fhir::{Issue, IssueCode, Object, Value};

use crate::bundle::Method;
use crate::codes;

/// Refuses each condition that has no meaning with the method, as the header of its name would be: whoever states one relies on it.
pub(super) fn check(request: &Object, method: Method, at: &dyn Fn(&str) -> String) -> Result<(), Vec<Issue>> {
    let text = |name: &str| request.get(name).and_then(Value::as_str);
    let is_misplaced = |name: &str| match name {
        "ifNoneExist" => method != Method::Post,
        "ifMatch" => !matches!(method, Method::Put | Method::Patch | Method::Delete | Method::Operation),
        "ifNoneMatch" if method == Method::Put => text(name) != Some("*"),
        _ => method != Method::Get,
    };
    let remedy = "this condition has no meaning here: ifNoneExist goes with POST, ifMatch with PUT, PATCH and DELETE, ifNoneMatch with GET, and \
        as * with PUT, ifModifiedSince with GET";
    let names = ["ifNoneExist", "ifMatch", "ifNoneMatch", "ifModifiedSince"];
    let misplaced = names.into_iter().filter(|name| text(name).is_some() && is_misplaced(name));
    let issue = |name| Issue::error(codes::ENTRY_CONDITION, IssueCode::NotSupported, at(&format!(".request.{name}")), remedy);
    let issues: Vec<Issue> = misplaced.map(issue).collect();
    if issues.is_empty() { Ok(()) } else { Err(issues) }
}
