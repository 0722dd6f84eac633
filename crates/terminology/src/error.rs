//! How an operation fails as a whole.

use std::fmt;

use fhir::{IssueCode, Value};

use crate::issue::{Kind, TxIssue, outcome};
use crate::messages::{self, Message};

/// What kind of failure it is; whoever speaks HTTP makes a status of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The request is wrong: 400.
    Request,
    /// What the request is about does not exist: 404.
    NotFound,
    /// The request is understood and cannot be answered: 422.
    Unprocessable,
}

/// Why an operation has no answer. It has at least one issue; [`TerminologyError::outcome`] is what to send.
#[derive(Clone, Debug, PartialEq)]
pub struct TerminologyError {
    /// The kind of failure.
    pub failure: Failure,
    /// What is the matter, the worst first.
    pub issues: Vec<TxIssue>,
    /// The code system that is not known, when that is the reason: `url` or `url|version`.
    pub unknown_system: Option<String>,
    /// The value set that is not known, when that is the reason: `url` or `url|version`.
    pub unknown_value_set: Option<String>,
    /// Whether `$validate-code` answers with `result` false and the issues, and not with this error.
    pub(crate) is_answer: bool,
}

impl TerminologyError {
    pub(crate) fn new(failure: Failure, issue: TxIssue) -> Self {
        Self { failure, issues: vec![issue], unknown_system: None, unknown_value_set: None, is_answer: false }
    }

    /// The request is wrong: a parameter is missing or has a value that it may not have.
    pub fn request(text: impl Into<String>) -> Self {
        let message = Message { id: None, text: text.into(), number: crate::codes::REQUEST };
        Self::new(Failure::Request, TxIssue::error(IssueCode::Invalid, Kind::Unclassified, message))
    }

    /// The request names something that is not there.
    pub(crate) fn not_found(message: Message) -> Self {
        Self::new(Failure::Unprocessable, TxIssue::error(IssueCode::NotFound, Kind::NotFound, message))
    }

    /// The value set that the request is about, or one that this includes, is not there.
    pub(crate) fn unknown_value_set(canonical: &str) -> Self {
        Self { unknown_value_set: Some(canonical.to_owned()), ..Self::not_found(messages::unknown_value_set(canonical)) }
    }

    /// The expansion or definition is too large.
    pub(crate) fn too_costly(message: Message) -> Self {
        Self::new(Failure::Unprocessable, TxIssue::error(IssueCode::TooCostly, Kind::Unclassified, message))
    }

    /// A value set or code system is built in a way that cannot be worked with.
    pub(crate) fn definition(code: IssueCode, message: Message) -> Self {
        Self::new(Failure::Unprocessable, TxIssue::error(code, Kind::VsInvalid, message))
    }

    pub(crate) fn at(mut self, expression: impl Into<String>) -> Self {
        self.issues[0].expression = expression.into();
        self
    }

    pub(crate) fn with_failure(mut self, failure: Failure) -> Self {
        self.failure = failure;
        self
    }

    /// Lets `$validate-code` answer with it: `result` false, and why.
    pub(crate) fn into_answer(mut self) -> Self {
        self.is_answer = true;
        self
    }

    /// The OperationOutcome that says it.
    pub fn outcome(&self) -> Value {
        outcome(&self.issues)
    }

    /// What is the matter, in one line.
    pub fn text(&self) -> &str {
        &self.issues[0].text
    }
}

impl fmt::Display for TerminologyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for TerminologyError {}
