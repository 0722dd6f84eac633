//! Composite values (<http://hl7.org/fhir/R4/search.html#combining>).

use fhir::{Issue, IssueCode};
use store::query::Test;

use super::Values;
use crate::codes;
use crate::parse::escape::split;

/// The tests of `value$value`: each part may stand for several tests (an id without its type), so each combination is one.
pub(super) fn tests(values: &Values<'_>, value: &str) -> Result<Vec<Test>, Issue> {
    let components = &values.parameter.components;
    let parts = split(value, '$');
    if parts.len() != components.len() || parts.iter().any(|part| part.is_empty()) {
        let kinds: Vec<&str> = components.iter().map(|component| component.kind.code()).collect();
        let rule = format!(r"a value of `{}` has {} parts separated by `$`: {}", values.parameter.code, kinds.len(), kinds.join("$"));
        return Err(Issue::error(codes::BAD_COMPOSITE, IssueCode::Value, "", rule));
    }
    let mut combinations: Vec<Vec<Test>> = vec![Vec::new()];
    for (component, part) in components.iter().zip(parts) {
        let tests = values.simple(component.shape(), part)?;
        combinations = combinations
            .iter()
            .flat_map(|known| tests.iter().map(move |test| known.iter().cloned().chain([test.clone()]).collect()))
            .collect();
    }
    Ok(combinations.into_iter().map(Test::Composite).collect())
}
