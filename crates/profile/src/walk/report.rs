//! Issues.

use fhir::check::Path;
use fhir::{Issue, IssueCode, Severity};

use super::{Active, MAX_ISSUES, Walk};
use crate::codes;

impl Walk<'_> {
    /// Reports an error by a rule of a profile. The text is only made when somebody will read it.
    pub(super) fn error(&mut self, number: u16, code: IssueCode, path: &Path, by: Active<'_>, text: impl FnOnce() -> String) {
        self.by_rule(Severity::Error, number, code, path, by, text);
    }

    /// Reports an issue of any severity by a rule of a profile.
    pub(super) fn by_rule(
        &mut self,
        severity: Severity,
        number: u16,
        code: IssueCode,
        path: &Path,
        by: Active<'_>,
        text: impl FnOnce() -> String,
    ) {
        self.report(severity, number, code, path, || format!("{} (element {} of the profile {})", text(), by.node.id, by.plan.url));
    }

    /// Reports an issue.
    pub(super) fn report(&mut self, severity: Severity, number: u16, code: IssueCode, path: &Path, text: impl FnOnce() -> String) {
        let is_error = severity >= Severity::Error;
        let count = if is_error { self.errors } else { self.issues.len() - self.errors };
        if self.is_silent {
            self.has_failed |= is_error;
        } else if count < MAX_ISSUES {
            let issue = Issue::error(number, code, path.to_string(), text()).with_severity(severity);
            if !self.issues.contains(&issue) {
                self.errors += usize::from(is_error);
                self.issues.push(issue);
            }
        } else if is_error && !self.left_out {
            self.left_out = true;
            let text = format!("there are more issues; the first {MAX_ISSUES} are reported: mend them and try again");
            self.issues.push(Issue::error(codes::MORE_ISSUES, IssueCode::Incomplete, "", text).with_severity(Severity::Information));
        }
    }

    /// Whether nothing is wrong in `look`, without a report.
    pub(super) fn is_sound(&mut self, look: impl FnOnce(&mut Self)) -> bool {
        let before = (self.is_silent, self.has_failed);
        (self.is_silent, self.has_failed) = (true, false);
        look(self);
        let is_sound = !self.has_failed;
        (self.is_silent, self.has_failed) = before;
        is_sound
    }
}
