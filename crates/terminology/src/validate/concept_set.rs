//! Whether a code is in one `include` or `exclude` of a value set, with its own system.

use std::sync::Arc;

use fhir::IssueCode;

use super::findings::{Findings, Found, Inactive, below};
use super::member::Asked;
use crate::error::TerminologyError;
use crate::expand::add_listed;
use crate::issue::{Kind, TxIssue};
use crate::messages;
use crate::session::Session;
use crate::system::{Concept, Content, System};
use crate::value_set::{ConceptSet, ValueSet};

/// Whether the set is put in or taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    In,
    Out,
}

/// A set, and the system of it.
pub(super) struct Set<'s, 'a> {
    pub(super) session: &'s Session<'a>,
    pub(super) value_set: &'s ValueSet,
    pub(super) set: &'s ConceptSet,
    pub(super) system: &'s Arc<dyn System>,
    pub(super) role: Role,
}

impl Set<'_, '_> {
    /// Whether a code is in it.
    pub(super) fn contains(&self, asked: &Asked<'_>, findings: &mut Findings, found: &mut Found) -> Result<bool, TerminologyError> {
        if self.set.is_whole_system() {
            return Ok(self.in_system(asked, findings, found));
        }
        for listed in self.set.concepts.iter().filter(|listed| self.is_same(&listed.code, asked.code)) {
            let Some(concept) = self.system.find(asked.code) else { continue };
            self.session.add_names(&**self.system, &concept, &mut found.names);
            add_listed(&mut found.names, listed, self.value_set.language.as_deref());
            if self.may_be_used(&concept, asked, findings) {
                if let Some(status) = listed.outdated().filter(|_| self.role == Role::In) {
                    let message =
                        messages::deprecated_in_value_set(&self.system.about().url, asked.code, status, &self.value_set.canonical());
                    let issue = TxIssue::warning(IssueCode::BusinessRule, Kind::CodeComment, message);
                    findings.report(issue.at(below(asked.path, "code")));
                }
                self.note(&concept, asked, findings);
                return Ok(true);
            }
        }
        if !self.set.filters.is_empty() {
            return self.passes_filters(asked, findings, found);
        }
        Ok(false)
    }

    fn is_same(&self, listed: &str, code: &str) -> bool {
        listed == code || (!self.system.about().is_case_sensitive && listed.to_lowercase() == code.to_lowercase())
    }

    fn says(&self) -> bool {
        self.session.options.membership_only != Some(true) && self.role == Role::In
    }

    /// All of a system.
    fn in_system(&self, asked: &Asked<'_>, findings: &mut Findings, found: &mut Found) -> bool {
        let about = self.system.about();
        let Some(concept) = self.system.find(asked.code) else {
            if !self.says() {
                return false;
            }
            let path = below(asked.path, "code");
            if about.content == Content::Complete {
                let message = messages::unknown_code(asked.code, &about.url, about.version.as_deref());
                findings.reported.push(crate::canonical(&about.url, about.version.as_deref()) + "#" + asked.code);
                findings.report(TxIssue::error(IssueCode::CodeInvalid, Kind::InvalidCode, message).at(path));
                return false;
            }
            let message = messages::unknown_code_in_fragment(asked.code, &about.url, about.version.as_deref());
            findings.report(TxIssue::warning(IssueCode::CodeInvalid, Kind::InvalidCode, message).at(path));
            return true;
        };
        self.normalize(&concept, asked, findings);
        self.session.add_names(&**self.system, &concept, &mut found.names);
        let may_be_used = self.may_be_used(&concept, asked, findings);
        if may_be_used {
            self.note(&concept, asked, findings);
        }
        may_be_used
    }

    /// Says that the system writes a code otherwise.
    fn normalize(&self, concept: &Concept, asked: &Asked<'_>, findings: &mut Findings) {
        let normal = self.system.code(concept);
        if normal != asked.code {
            let message = messages::other_form(asked.code, &normal, &self.system.about().canonical());
            let issue = TxIssue::information(IssueCode::BusinessRule, Kind::CodeRule, message);
            findings.report(issue.at(below(asked.path, "code")));
            findings.normalized = Some(normal.into_owned());
        }
    }

    /// Whether a concept may be used here: it is not abstract or inactive where that is not wanted.
    fn may_be_used(&self, concept: &Concept, asked: &Asked<'_>, findings: &mut Findings) -> bool {
        let flags = self.system.flags(concept);
        let path = below(asked.path, "code");
        if flags.is_abstract && self.session.options.allows_abstract == Some(false) {
            if self.says() {
                let message = messages::abstract_code(&self.system.about().url, asked.code);
                findings.report(TxIssue::error(IssueCode::BusinessRule, Kind::CodeRule, message).at(path));
            }
            return false;
        }
        let active_only = self.session.options.active_only == Some(true);
        if !flags.is_inactive || !(self.value_set.excludes_inactive || active_only) {
            return true;
        }
        // A code that is listed or filtered is just not in; of one in a whole system it is said why.
        if self.role == Role::In && (self.set.is_whole_system() || active_only) {
            let issue = TxIssue::error(IssueCode::BusinessRule, Kind::CodeRule, messages::inactive_code(asked.code)).at(path);
            findings.report_and_say(issue);
        }
        if self.says() {
            findings.status = self.system.status(concept).map(|status| status.into_owned());
            findings.inactive = Some(Inactive { path: asked.path.to_owned(), code: asked.code.to_owned() });
        }
        false
    }

    fn note(&self, concept: &Concept, asked: &Asked<'_>, findings: &mut Findings) {
        if self.role == Role::In {
            findings.note_status(&**self.system, concept, asked.path, asked.code);
        }
    }

    fn passes_filters(&self, asked: &Asked<'_>, findings: &mut Findings, found: &mut Found) -> Result<bool, TerminologyError> {
        let Some(concept) = self.system.find(asked.code) else { return Ok(false) };
        match self.session.passes(self.system, &concept, &self.set.filters, &self.value_set.canonical())? {
            Ok(()) => {}
            Err(why) => {
                why.iter().for_each(|why| findings.say(why));
                return Ok(false);
            }
        }
        self.session.add_names(&**self.system, &concept, &mut found.names);
        let may_be_used = self.may_be_used(&concept, asked, findings);
        if may_be_used {
            self.normalize(&concept, asked, findings);
            self.note(&concept, asked, findings);
        }
        Ok(may_be_used)
    }
}
