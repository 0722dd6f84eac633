//! Why an operation was refused: which one it is, where it points, and what would be right.

use fhir::{Issue, IssueCode};

use crate::codes;

/// An operation, as messages name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Operation {
    /// Its place in the patch, from 0.
    pub(crate) index: usize,
    /// What it does: `replace`.
    pub(crate) name: &'static str,
    /// Where, as it is written.
    pub(crate) path: Box<str>,
    /// The FHIRPath of the operation, when the patch is a resource.
    pub(crate) expression: String,
}

impl Operation {
    /// The issue that says why the operation was refused.
    pub(crate) fn refuse(&self, number: u16, remedy: impl AsRef<str>) -> Issue {
        let message = format!("operation[{}] ({} {}): {}", self.index, self.name, shown(&self.path), remedy.as_ref());
        Issue::error(number, code(number), self.expression.clone(), message)
    }
}

fn code(number: u16) -> IssueCode {
    match number {
        codes::NOTHING_THERE => IssueCode::NotFound,
        codes::SEVERAL_THERE => IssueCode::MultipleMatches,
        codes::TEST_FAILED => IssueCode::Conflict,
        codes::ALREADY_THERE => IssueCode::Duplicate,
        codes::LIMIT => IssueCode::TooCostly,
        codes::OPERATION_PART => IssueCode::Required,
        codes::OUT_OF_BOUNDS | codes::VALUE_TYPE => IssueCode::Value,
        _ => IssueCode::Invalid,
    }
}

/// An issue about the document as a whole.
pub(crate) fn malformed(expression: &str, remedy: impl Into<String>) -> Issue {
    Issue::error(codes::MALFORMED, IssueCode::Structure, expression, remedy)
}

/// An issue about too many operations.
pub(crate) fn too_many(expression: &str) -> Issue {
    let remedy = format!("a patch may have {} operations: split it", crate::limits::MAX_OPERATIONS);
    Issue::error(codes::LIMIT, IssueCode::TooCostly, expression, remedy)
}

/// How much of a path is shown.
const MAX_SHOWN: usize = 200;

/// A path without the texts in quotes that it compares with, which may be a patient's data.
fn shown(path: &str) -> String {
    let mut shown = String::new();
    let mut quote = None;
    for (count, character) in path.chars().enumerate() {
        if count == MAX_SHOWN {
            shown.push('…');
            break;
        }
        match (quote, character) {
            (None, '\'' | '"') => {
                quote = Some(character);
                shown.push(character);
                shown.push('…');
                shown.push(character);
            }
            (Some(open), end) if end == open => quote = None,
            (Some(_), _) => {}
            (None, other) => shown.push(other),
        }
    }
    shown
}
