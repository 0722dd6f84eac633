//! What is wrong with something, and the OperationOutcome that says so.

use std::fmt;

use crate::value::{Object, Value};

/// How bad an issue is: `OperationOutcome.issue.severity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Information,
    /// Something was not as it should be, and work went on.
    Warning,
    /// The request was refused.
    Error,
    /// The request failed and could not be judged further.
    Fatal,
}

/// The kind of an issue: `OperationOutcome.issue.code`, from <http://hl7.org/fhir/R4/valueset-issue-type.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the code of the same name")]
pub enum IssueCode {
    Invalid,
    Structure,
    Required,
    Value,
    Invariant,
    Security,
    Login,
    Expired,
    Forbidden,
    Suppressed,
    Processing,
    NotSupported,
    Duplicate,
    MultipleMatches,
    NotFound,
    Deleted,
    TooLong,
    CodeInvalid,
    Extension,
    TooCostly,
    BusinessRule,
    Conflict,
    Transient,
    LockError,
    NoStore,
    Exception,
    Timeout,
    Incomplete,
    Throttled,
    Informational,
}

impl Severity {
    /// The code that FHIR writes.
    pub fn code(self) -> &'static str {
        match self {
            Severity::Information => "information",
            Severity::Warning => "warning",
            Severity::Error => "error",
            Severity::Fatal => "fatal",
        }
    }
}

impl IssueCode {
    /// The code that FHIR writes.
    pub fn code(self) -> &'static str {
        match self {
            IssueCode::Invalid => "invalid",
            IssueCode::Structure => "structure",
            IssueCode::Required => "required",
            IssueCode::Value => "value",
            IssueCode::Invariant => "invariant",
            IssueCode::Security => "security",
            IssueCode::Login => "login",
            IssueCode::Expired => "expired",
            IssueCode::Forbidden => "forbidden",
            IssueCode::Suppressed => "suppressed",
            IssueCode::Processing => "processing",
            IssueCode::NotSupported => "not-supported",
            IssueCode::Duplicate => "duplicate",
            IssueCode::MultipleMatches => "multiple-matches",
            IssueCode::NotFound => "not-found",
            IssueCode::Deleted => "deleted",
            IssueCode::TooLong => "too-long",
            IssueCode::CodeInvalid => "code-invalid",
            IssueCode::Extension => "extension",
            IssueCode::TooCostly => "too-costly",
            IssueCode::BusinessRule => "business-rule",
            IssueCode::Conflict => "conflict",
            IssueCode::Transient => "transient",
            IssueCode::LockError => "lock-error",
            IssueCode::NoStore => "no-store",
            IssueCode::Exception => "exception",
            IssueCode::Timeout => "timeout",
            IssueCode::Incomplete => "incomplete",
            IssueCode::Throttled => "throttled",
            IssueCode::Informational => "informational",
        }
    }
}

/// One thing that is wrong: where, which rule, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// How bad it is.
    pub severity: Severity,
    /// Its kind in FHIR's words.
    pub code: IssueCode,
    /// Its stable number in Ward: 101 is written `WARD-0101`. Each number has one meaning, for ever: see `docs/errors.md`.
    pub number: u16,
    /// The FHIRPath of the offending element, `Patient.name[0].given`; empty when the issue is not about an element.
    pub expression: String,
    /// What is wrong and what would be right, without any patient's data.
    pub diagnostics: String,
    /// What it is called beyond Ward, where those who ask decide by that; `None` for most.
    pub agreed: Option<Box<Agreed>>,
}

/// How an issue is told where servers of a kind have agreed on that: servers of terminology have, for the validators that ask them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// Its kind: a code system, and a code from it.
    pub kind: Option<(&'static str, &'static str)>,
    /// The key of its message in the catalogue that they share.
    pub message: Option<&'static str>,
}

/// Where `OperationOutcome.issue` has the key of its message.
const MESSAGE_ID: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id";

impl Issue {
    /// An error.
    pub fn error(number: u16, code: IssueCode, expression: impl Into<String>, diagnostics: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, number, expression: expression.into(), diagnostics: diagnostics.into(), agreed: None }
    }

    /// The same issue with another severity.
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The stable code: `WARD-0101`.
    pub fn ward_code(&self) -> String {
        format!("WARD-{:04}", self.number)
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.ward_code())?;
        if !self.expression.is_empty() {
            write!(f, "{}: ", self.expression)?;
        }
        f.write_str(&self.diagnostics)
    }
}

/// Adds those issues that are not among the others yet: two who judge the same may say the same.
pub fn add_new(issues: &mut Vec<Issue>, more: impl IntoIterator<Item = Issue>) {
    for issue in more {
        if !issues.contains(&issue) {
            issues.push(issue);
        }
    }
}

/// The OperationOutcome that reports `issues` (<http://hl7.org/fhir/R4/operationoutcome.html>), in their order.
pub fn operation_outcome(issues: &[Issue]) -> Value {
    let issues = issues.iter().map(issue_value).collect::<Vec<_>>();
    Object::from_iter([("resourceType", Value::from("OperationOutcome")), ("issue", Value::Array(issues))]).into()
}

/// `OperationOutcome.issue` of it: what is wrong in `diagnostics`, and Ward's number as a coding. One that servers have agreed on is told as they do: what
/// is wrong in `details.text`, with its kind there as the only coding, and Ward's number in `diagnostics`.
pub fn issue_value(issue: &Issue) -> Value {
    let mut value = Object::new();
    if let Some(message) = issue.agreed.as_ref().and_then(|agreed| agreed.message) {
        value.push("extension", crate::array![crate::object! { "url": MESSAGE_ID, "valueString": message }]);
    }
    value.push("severity", issue.severity.code());
    value.push("code", issue.code.code());
    let coding = |system: &str, code: &str| crate::array![crate::object! { "system": system, "code": code }];
    match &issue.agreed {
        None => {
            value.push("details", crate::object! { "coding": coding("urn:ward:error", &issue.ward_code()) });
            value.push("diagnostics", issue.diagnostics.as_str());
        }
        Some(agreed) => {
            let mut details = Object::new();
            if let Some((system, code)) = agreed.kind {
                details.push("coding", coding(system, code));
            }
            details.push("text", issue.diagnostics.as_str());
            value.push("details", details);
            value.push("diagnostics", issue.ward_code());
        }
    }
    if !issue.expression.is_empty() {
        value.push("expression", crate::array![issue.expression.as_str()]);
    }
    value.into()
}
