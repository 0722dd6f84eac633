//! What is wrong with a query or an answer, as GraphQL writes it (<https://spec.graphql.org/October2021/#sec-Errors>).

use fhir::{Issue, IssueCode, Object, Value, array, object, outcome};

use crate::syntax::Position;

/// One thing that is wrong. Its message names fields, types and rules, never a value from a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What is wrong, with its stable number and its kind in FHIR's words.
    pub issue: Issue,
    /// Where in the query.
    pub at: Option<Position>,
    /// Where in the answer; empty when it is about the query as a whole.
    pub path: Vec<Segment>,
}

/// A step of a path through an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// A field, by the name that it has in the answer.
    Name(String),
    /// An item of a list, counted from 0.
    Index(usize),
}

impl Error {
    /// An error of the query itself.
    pub(crate) fn new(number: u16, code: IssueCode, at: Position, message: impl Into<String>) -> Self {
        Self { issue: Issue::error(number, code, "", message), at: Some(at), path: Vec::new() }
    }

    /// The JSON of the error: `message`, `locations`, `path`, and in `extensions` the number as `code` and the OperationOutcome that
    /// FHIR asks for as `resource`.
    pub fn to_value(&self) -> Value {
        let mut error = Object::from_iter([("message", Value::from(self.issue.diagnostics.as_str()))]);
        if let Some(at) = self.at {
            let location = object! { "line": u64::from(at.line), "column": u64::from(at.column) };
            error.push("locations", array![location]);
        }
        if !self.path.is_empty() {
            error.push("path", self.path.iter().map(Segment::to_value).collect::<Vec<_>>());
        }
        let outcome = outcome::operation_outcome(std::slice::from_ref(&self.issue));
        error.push("extensions", object! { "code": self.issue.ward_code(), "resource": outcome });
        error.into()
    }
}

impl Segment {
    fn to_value(&self) -> Value {
        match self {
            Segment::Name(name) => name.as_str().into(),
            Segment::Index(index) => (*index as u64).into(),
        }
    }
}

impl From<Issue> for Error {
    fn from(issue: Issue) -> Self {
        Self { issue, at: None, path: Vec::new() }
    }
}
