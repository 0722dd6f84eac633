//! Which version of a code system counts, when the value set, the coding and the request each have their say.

use fhir::{IssueCode, Severity};

use super::findings::{Findings, below};
use crate::error::TerminologyError;
use crate::issue::{Kind, TxIssue};
use crate::messages::{self, Mismatch};
use crate::session::{Rules, Session};
use crate::version;

/// The versions that have a say.
pub(super) struct Versions<'v> {
    pub(super) path: &'v str,
    pub(super) system: &'v str,
    /// What the value set says.
    pub(super) included: Option<&'v str>,
    /// What the coding says.
    pub(super) of_coding: Option<&'v str>,
}

impl Versions<'_> {
    /// The version to use; what does not agree is reported.
    pub(super) fn decide(&self, session: &Session<'_>, findings: &mut Findings) -> Result<Option<String>, TerminologyError> {
        let mut version = session.version_for(self.system, self.included, false);
        let Some(of_coding) = self.of_coding else { return Ok(version) };
        match &version {
            Some(decided) if version::matches(decided, of_coding) => version = Some(of_coding.to_owned()),
            Some(_) => {}
            None => {
                let known = session.known_versions(self.system);
                if known.iter().any(|known| version::matches(of_coding, known)) {
                    version = Some(of_coding.to_owned());
                }
            }
        }
        let system = session.system(self.system, version.as_deref(), Rules::Ignore)?;
        match system.as_ref().map(|system| system.about()) {
            Some(about) if !about.version.as_deref().is_some_and(|found| version::matches(of_coding, found)) => {
                let (severity, how) = match &version {
                    None if about.needs_version => (Severity::Error, Mismatch::Default(about.version.as_deref().unwrap_or_default())),
                    None => (Severity::Warning, Mismatch::Default(about.version.as_deref().unwrap_or_default())),
                    Some(decided) if Some(decided.as_str()) != self.included => (Severity::Error, Mismatch::Changed(decided)),
                    Some(_) => (Severity::Error, Mismatch::Stated),
                };
                self.report(findings, severity, how, self.included, of_coding);
                self.report_unknown(session, findings, of_coding)?;
            }
            None if version.as_deref() != Some(of_coding) => {
                self.report(findings, Severity::Error, Mismatch::Stated, version.as_deref(), of_coding);
            }
            _ => {}
        }
        Ok(version)
    }

    fn report(&self, findings: &mut Findings, severity: Severity, how: Mismatch<'_>, included: Option<&str>, of_coding: &str) {
        let message = messages::version_mismatch(self.system, included, of_coding, how);
        let issue = TxIssue::new(severity, IssueCode::Invalid, Kind::VsInvalid, message).at(below(self.path, "version"));
        if severity == Severity::Error {
            findings.say(&issue.text);
        }
        findings.report(issue);
    }

    /// Reports the version of the coding, when there is no such version.
    fn report_unknown(&self, session: &Session<'_>, findings: &mut Findings, of_coding: &str) -> Result<(), TerminologyError> {
        if session.system(self.system, Some(of_coding), Rules::Ignore)?.is_none() {
            let message = messages::unknown_system_of_code(self.system, Some(of_coding), &session.known_versions(self.system));
            findings.is_unknown(crate::canonical(self.system, Some(of_coding)));
            findings.report_and_say(TxIssue::error(IssueCode::NotFound, Kind::NotFound, message).at(below(self.path, "system")));
        }
        Ok(())
    }
}
