//! Fixed values and patterns: <http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_>.

use fhir::check::Path;
use fhir::{IssueCode, Value};

use super::element::Entry;
use super::{Active, Walk};
use crate::codes;
use crate::plan::{Exact, Rules};

/// How deep a pattern is compared.
const MAX_DEPTH: usize = 32;

impl<'w> Walk<'w> {
    pub(super) fn exact(&mut self, by: Active<'w>, rules: &Rules, entry: Entry<'w>, path: &Path) {
        let Some(exact) = &rules.exact else { return };
        if entry.value.is_some_and(|value| exact.allows(value)) {
            return;
        }
        match exact {
            Exact::Fixed(value) => {
                self.error(codes::FIXED, IssueCode::Value, path, by, || format!("the value must be exactly {}", shown(value)));
            }
            Exact::Pattern(value) => {
                self.error(codes::PATTERN, IssueCode::Value, path, by, || format!("the value must have {}", shown(value)));
            }
        }
    }
}

impl Exact {
    /// Whether a value is the fixed one, or has all that the pattern has.
    pub(crate) fn allows(&self, value: &Value) -> bool {
        match self {
            Exact::Fixed(fixed) => is_same(fixed, value, MAX_DEPTH),
            Exact::Pattern(pattern) => has(pattern, value, MAX_DEPTH),
        }
    }
}

/// Whether two values are the same, whatever the order of members.
fn is_same(left: &Value, right: &Value, depth: usize) -> bool {
    if depth == 0 {
        return false;
    }
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let same = |(name, value): (&fhir::Name, &Value)| right.get(name).is_some_and(|other| is_same(value, other, depth - 1));
            left.len() == right.len() && left.iter().all(same)
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_same(left, right, depth - 1))
        }
        (left, right) => left == right,
    }
}

/// Whether a value has all that a pattern has: of an array, each item of the pattern in some item of the value.
fn has(pattern: &Value, value: &Value, depth: usize) -> bool {
    if depth == 0 {
        return false;
    }
    match (pattern, value) {
        (Value::Object(pattern), Value::Object(value)) => {
            pattern.iter().all(|(name, part)| value.get(name).is_some_and(|other| has(part, other, depth - 1)))
        }
        (Value::Array(pattern), Value::Array(values)) => pattern.iter().all(|part| values.iter().any(|value| has(part, value, depth - 1))),
        (pattern, value) => pattern == value,
    }
}

/// What the profile asks for, as JSON, cut when it is long.
fn shown(value: &Value) -> String {
    let text = fhir::json::to_string(value);
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
