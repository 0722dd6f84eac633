//! What a terminology operation has to say about a code, a value set or a code system, as servers of the ecosystem say it.
//!
//! An issue has, beside FHIR's severity and code, a `tx-issue-type` and the key of its message: clients such as validators decide by these.

use fhir::outcome::{Agreed, issue_value, operation_outcome};
use fhir::{IssueCode, Severity, Value};

use crate::messages::Message;

const KINDS: &str = "http://hl7.org/fhir/tools/CodeSystem/tx-issue-type";

/// The kind of an issue, from the code system `tx-issue-type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the code of the same name")]
pub enum Kind {
    NotFound,
    NotInVs,
    ThisCodeNotInVs,
    InvalidCode,
    InvalidDisplay,
    DisplayComment,
    InvalidData,
    VsInvalid,
    CodeRule,
    CodeComment,
    StatusCheck,
    VersionError,
    CannotInfer,
    ProcessNote,
    /// None: an issue about the request itself.
    Unclassified,
}

impl Kind {
    /// The code of it; `None` for an issue without a kind.
    pub fn code(self) -> Option<&'static str> {
        Some(match self {
            Kind::NotFound => "not-found",
            Kind::NotInVs => "not-in-vs",
            Kind::ThisCodeNotInVs => "this-code-not-in-vs",
            Kind::InvalidCode => "invalid-code",
            Kind::InvalidDisplay => "invalid-display",
            Kind::DisplayComment => "display-comment",
            Kind::InvalidData => "invalid-data",
            Kind::VsInvalid => "vs-invalid",
            Kind::CodeRule => "code-rule",
            Kind::CodeComment => "code-comment",
            Kind::StatusCheck => "status-check",
            Kind::VersionError => "version-error",
            Kind::CannotInfer => "cannot-infer",
            Kind::ProcessNote => "process-note",
            Kind::Unclassified => return None,
        })
    }
}

/// One issue.
#[derive(Clone, Debug, PartialEq)]
pub struct TxIssue {
    /// How bad it is.
    pub severity: Severity,
    /// Its kind in FHIR's words.
    pub code: IssueCode,
    /// Its kind in the words of terminology servers.
    pub kind: Kind,
    /// The key of its message in the catalogue that servers and validators share; `None` when there is none for it.
    pub id: Option<&'static str>,
    /// What is the matter.
    pub text: String,
    /// The FHIRPath of what it is about (`Coding.display`); empty when it is not about an element.
    pub expression: String,
    /// Its number in `docs/errors.md`.
    pub number: u16,
}

impl TxIssue {
    pub(crate) fn new(severity: Severity, code: IssueCode, kind: Kind, message: Message) -> Self {
        Self { severity, code, kind, id: message.id, text: message.text, expression: String::new(), number: message.number }
    }

    pub(crate) fn error(code: IssueCode, kind: Kind, message: Message) -> Self {
        Self::new(Severity::Error, code, kind, message)
    }

    pub(crate) fn warning(code: IssueCode, kind: Kind, message: Message) -> Self {
        Self::new(Severity::Warning, code, kind, message)
    }

    pub(crate) fn information(code: IssueCode, kind: Kind, message: Message) -> Self {
        Self::new(Severity::Information, code, kind, message)
    }

    pub(crate) fn at(mut self, expression: impl Into<String>) -> Self {
        self.expression = expression.into();
        self
    }

    /// The same as an issue of Ward.
    pub fn issue(&self) -> fhir::Issue {
        let agreed = Agreed { kind: self.kind.code().map(|code| (KINDS, code)), message: self.id };
        fhir::Issue {
            severity: self.severity,
            code: self.code,
            number: self.number,
            expression: self.expression.clone(),
            diagnostics: self.text.clone(),
            agreed: Some(Box::new(agreed)),
        }
    }

    /// `OperationOutcome.issue` of it.
    pub fn value(&self) -> Value {
        issue_value(&self.issue())
    }
}

/// The OperationOutcome of these issues.
pub fn outcome(issues: &[TxIssue]) -> Value {
    operation_outcome(&issues.iter().map(TxIssue::issue).collect::<Vec<_>>())
}
