//! What is found out about something coded, while its codings are looked at one after the other.

use fhir::IssueCode;

use crate::designation::Names;
use crate::issue::{Kind, TxIssue};
use crate::messages;
use crate::system::{Concept, Content, Maturity, System};

/// An inactive concept, and where it was.
pub(super) struct Inactive {
    pub(super) path: String,
    pub(super) code: String,
}

/// What was found out about all codings.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) issues: Vec<TxIssue>,
    /// The parts of the summary.
    pub(super) messages: Vec<String>,
    /// Code systems that are not known, `url` or `url|version`.
    pub(super) unknown: Vec<String>,
    pub(super) inactive: Option<Inactive>,
    /// The status of the concept that was looked at.
    pub(super) status: Option<String>,
    /// The code as its system writes it.
    pub(super) normalized: Option<String>,
    /// The system that was found from the code.
    pub(super) implied: Option<String>,
    /// Codes that were reported as unknown.
    pub(super) reported: Vec<String>,
}

/// What was found out about one coding.
#[derive(Default)]
pub(super) struct Found {
    /// The version of the system in which the code was found.
    pub(super) version: Option<String>,
    pub(super) content: Option<Content>,
    pub(super) default_language: Option<String>,
    pub(super) names: Names,
}

impl Findings {
    /// Reports an issue, once.
    pub(super) fn report(&mut self, issue: TxIssue) {
        if !self.issues.contains(&issue) {
            self.issues.push(issue);
        }
    }

    /// Reports an issue, and makes it a part of the summary.
    pub(super) fn report_and_say(&mut self, issue: TxIssue) {
        self.say(&issue.text);
        self.report(issue);
    }

    pub(super) fn say(&mut self, message: &str) {
        if !self.messages.iter().any(|said| said == message) {
            self.messages.push(message.to_owned());
        }
    }

    /// Notes a system that is not known; whether it is new.
    pub(super) fn is_unknown(&mut self, system: String) -> bool {
        let is_new = !self.unknown.contains(&system);
        if is_new {
            self.unknown.push(system);
        }
        is_new
    }

    pub(super) fn has_errors(&self) -> bool {
        self.issues.iter().any(|issue| issue.severity >= fhir::Severity::Error)
    }

    /// Notes the status of a concept, unless an inactive one was noted before.
    pub(super) fn note_status(&mut self, system: &dyn System, concept: &Concept, path: &str, code: &str) {
        if self.inactive.is_none() {
            self.status = system.status(concept).map(|status| status.into_owned());
            if system.flags(concept).is_inactive {
                self.inactive = Some(Inactive { path: path.to_owned(), code: code.to_owned() });
            }
        }
    }

    /// Reports a resource that is not ripe, used from one that is riper.
    pub(super) fn report_maturity(&mut self, maturity: &Maturity, kind: &str, canonical: &str, user: &Maturity) {
        let is = |status: &str| maturity.standards_status.as_deref() == Some(status);
        let is_draft = |of: &Maturity| of.status.as_deref() == Some("draft") || of.standards_status.as_deref() == Some("draft");
        let word = if is("deprecated") {
            "deprecated"
        } else if is("withdrawn") {
            "withdrawn"
        } else if maturity.status.as_deref() == Some("retired") {
            "retired"
        } else if maturity.is_experimental && !user.is_experimental {
            "experimental"
        } else if is_draft(maturity) && !is_draft(user) && !maturity.is_experimental {
            "draft"
        } else {
            return;
        };
        let message = messages::reference_to(word, kind, canonical);
        self.report(TxIssue::information(IssueCode::BusinessRule, Kind::StatusCheck, message));
    }
}

/// `path.name`, or the name alone.
pub(super) fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
