//! Whether a display is one of the code's names, in a language that was asked for.

use fhir::{IssueCode, Severity};

use super::findings::{Findings, Found, below};
use crate::designation::Match;
use crate::issue::{Kind, TxIssue};
use crate::messages::WrongDisplay;
use crate::session::Session;

/// A display with its code.
pub(super) struct Display<'d> {
    pub(super) path: &'d str,
    pub(super) system: &'d str,
    pub(super) code: &'d str,
    pub(super) display: &'d str,
    /// Whether the code is in the value set.
    pub(super) is_member: bool,
}

impl Display<'_> {
    /// Reports a display that does not fit.
    pub(super) fn check(&self, session: &Session<'_>, found: &Found, findings: &mut Findings) {
        let (names, languages) = (&found.names, session.options.languages());
        let default = found.default_language.as_deref().filter(|_| !self.is_member);
        let compared = names.compare(languages, default, self.display, false);
        let asked = languages.map_or_else(|| "--".to_owned(), ToString::to_string);
        let wrong = WrongDisplay { display: self.display, system: self.system, code: self.code, languages: &asked };
        let by_request = if session.options.is_lenient == Some(true) { Severity::Warning } else { Severity::Error };
        if compared == Match::Found {
            if names.compare(languages, default, self.display, true) != Match::Found {
                let message = wrong.outdated(names.status(self.display), &names.active_displays());
                let issue = TxIssue::new(by_request, IssueCode::Invalid, Kind::DisplayComment, message);
                findings.report(issue.at(below(self.path, "display")));
            }
            return;
        }
        let count = names.count(languages, true);
        let (severity, message) = if count > 0 {
            let valid = names.described(languages, true);
            (by_request, wrong.instead_of(count, &valid, compared == Match::Whitespace))
        } else {
            self.without_names(session, found, &wrong, by_request)
        };
        let issue = TxIssue::new(severity, IssueCode::Invalid, Kind::InvalidDisplay, message);
        findings.report_and_say(issue.at(below(self.path, "display")));
    }

    /// What is said when there are no names in the languages that were asked for.
    fn without_names(
        &self,
        session: &Session<'_>,
        found: &Found,
        wrong: &WrongDisplay<'_>,
        by_request: Severity,
    ) -> (Severity, crate::messages::Message) {
        let (names, languages) = (&found.names, session.options.languages());
        let Some(default) = names.preferred(None) else { return (Severity::Warning, wrong.none_at_all()) };
        if !self.is_member {
            return (Severity::Warning, wrong.none_at_all());
        }
        let is_right = names.compare(languages, found.default_language.as_deref(), self.display, false) == Match::Found;
        if is_right {
            (Severity::Information, wrong.right_in_default_language())
        } else {
            (by_request, wrong.none_in_language(&default.value))
        }
    }
}
