//! Goes through the codings of what is validated, and sums up.

use std::sync::Arc;

use fhir::{IssueCode, Severity};

use super::answer::Answer;
use super::displays::Display;
use super::findings::{Findings, Found, below};
use super::member::{Asked, Member, member};
use super::prepare::Prepared;
use super::{in_words, is_absolute};
use crate::error::TerminologyError;
use crate::issue::{Kind, TxIssue};
use crate::messages;
use crate::request::{Coded, Coding};
use crate::session::{Rules, Session};
use crate::system::{Content, System};
use crate::value_set::ValueSet;
use crate::version::compare_versions;

/// What is to be said of something coded and a value set.
pub(super) fn check(session: &Session<'_>, prepared: &Prepared, coded: &Coded) -> Result<Answer, TerminologyError> {
    let mut run = Run {
        session,
        prepared,
        coded,
        findings: Findings::default(),
        answer: Answer::new(coded),
        member: Member::No,
        words: Vec::new(),
        matched: Vec::new(),
        lacks_code: false,
    };
    let value_set = &prepared.value_set;
    run.findings.report_maturity(&value_set.maturity, "ValueSet", &value_set.canonical(), &value_set.maturity);
    for (index, coding) in coded.codings().iter().enumerate() {
        if !run.coding(index, coding)? {
            break;
        }
    }
    run.sum_up();
    Ok(run.answer)
}

/// The work on one thing coded.
struct Run<'s, 'a> {
    session: &'s Session<'a>,
    prepared: &'s Prepared,
    coded: &'s Coded,
    findings: Findings,
    answer: Answer,
    /// Whether any coding is in, or cannot be told.
    member: Member,
    /// The codings as messages write them.
    words: Vec<String>,
    /// The codings that are in.
    matched: Vec<usize>,
    lacks_code: bool,
}

impl Run<'_, '_> {
    fn value_set(&self) -> &ValueSet {
        &self.prepared.value_set
    }

    fn path(&self, index: usize) -> String {
        match self.coded {
            Coded::Code(_) => String::new(),
            Coded::Coding(_) => "Coding".to_owned(),
            Coded::Concept(_) => format!("CodeableConcept.coding[{index}]"),
        }
    }

    fn is_concept(&self) -> bool {
        matches!(self.coded, Coded::Concept(_))
    }

    /// Looks at one coding; whether to go on with the next.
    fn coding(&mut self, index: usize, coding: &Coding) -> Result<bool, TerminologyError> {
        let path = self.path(index);
        let Some(code) = &coding.code else {
            let message = if coding.system.is_none() { messages::no_system() } else { messages::no_code(coding.system.as_deref()) };
            self.findings.report_and_say(TxIssue::warning(IssueCode::Invalid, Kind::InvalidData, message).at(path));
            self.lacks_code = true;
            return Ok(false);
        };
        let mut found = Found::default();
        let is_in = member(self.session, self.prepared, &Asked::new(coding, &path), &mut self.findings, &mut found)?;
        let system = self.findings.implied.clone().or_else(|| coding.system.clone()).unwrap_or_default();
        let words = in_words(coding, &system);
        self.answer.tried(coding, is_in == Member::Yes, found.version.as_deref());
        if is_in == Member::No && !self.value_set().is_internal && self.is_concept() {
            let message = messages::not_in_value_set(&self.value_set().canonical(), &words);
            let issue = TxIssue::information(IssueCode::CodeInvalid, Kind::ThisCodeNotInVs, message);
            self.findings.report(issue.at(below(&path, "code")));
        }
        self.words.push(words);
        if self.member != Member::Yes && is_in != Member::No {
            self.member = is_in;
        }
        if is_in == Member::Yes {
            self.matched.push(index);
            self.accept(coding, &path, &found);
        } else if self.session.options.membership_only != Some(true) && !system.is_empty() {
            self.explain(coding, code, &system, &path, &mut found)?;
        }
        Ok(true)
    }

    /// A coding that is in.
    fn accept(&mut self, coding: &Coding, path: &str, found: &Found) {
        let (system, code) = (
            coding.system.as_deref().or(self.findings.implied.as_deref()).unwrap_or_default().to_owned(),
            coding.code.as_deref().unwrap_or_default(),
        );
        if let Some(display) = coding.display.as_deref().filter(|_| !found.names.is_empty()) {
            Display { path, system: &system, code, display, is_member: true }.check(self.session, found, &mut self.findings);
        }
        let preferred = found.names.preferred(self.session.options.languages()).or_else(|| found.names.preferred(None));
        self.answer.accept(coding, path, found.version.as_deref(), preferred.map(|name| &*name.value));
    }

    /// A coding that is not in: what its own system says of it.
    fn explain(&mut self, coding: &Coding, code: &str, system: &str, path: &str, found: &mut Found) -> Result<(), TerminologyError> {
        if !is_absolute(system) {
            let issue = TxIssue::error(IssueCode::Invalid, Kind::InvalidData, messages::relative_system());
            self.findings.report_and_say(issue.at(below(path, "system")));
        }
        let version = coding.version.clone().or_else(|| newest_included(self.value_set(), system));
        let Some(own) = self.session.system(system, version.as_deref(), Rules::Apply)? else {
            self.explain_system(system, version.as_deref(), path);
            return Ok(());
        };
        if let Some(issue) = self.session.version_issue(&*own) {
            self.findings.report(issue.at(below(path, "version")));
        }
        let about = own.about();
        self.findings.report_maturity(&about.maturity, "CodeSystem", &about.canonical(), &self.prepared.value_set.maturity);
        if own.find(code).is_some() {
            self.explain_code(coding, &own, path, found);
            return Ok(());
        }
        let key = format!("{}#{code}", about.canonical());
        if !self.findings.reported.contains(&key) {
            self.findings.reported.push(key);
            if about.content == Content::Complete {
                let message = messages::unknown_code(code, system, about.version.as_deref());
                let issue = TxIssue::error(IssueCode::CodeInvalid, Kind::InvalidCode, message);
                self.findings.report_and_say(issue.at(below(path, "code")));
            } else {
                let message = messages::unknown_code_in_fragment(code, system, about.version.as_deref());
                let issue = TxIssue::warning(IssueCode::CodeInvalid, Kind::InvalidCode, message);
                self.findings.report(issue.at(below(path, "code")));
            }
        }
        Ok(())
    }

    /// A code that its system has: its display and its status.
    fn explain_code(&mut self, coding: &Coding, own: &Arc<dyn System>, path: &str, found: &mut Found) {
        let code = coding.code.as_deref().unwrap_or_default();
        let Some(concept) = own.find(code) else { return };
        let about = own.about();
        found.names.clear();
        found.default_language = about.language.as_deref().map(str::to_owned);
        self.session.add_names(&**own, &concept, &mut found.names);
        if own.flags(&concept).is_inactive {
            self.findings.note_status(&**own, &concept, path, code);
        }
        let preferred = found.names.preferred(self.session.options.languages()).or_else(|| found.names.preferred(None));
        self.answer.explained(preferred.map(|name| &*name.value), about.version.as_deref());
        if let Some(display) = coding.display.as_deref().filter(|_| !found.names.is_empty()) {
            Display { path, system: &about.url, code, display, is_member: false }.check(self.session, found, &mut self.findings);
        }
    }

    /// A system that is not known.
    fn explain_system(&mut self, system: &str, version: Option<&str>, path: &str) {
        let path = below(path, "system");
        let invalid = |message| TxIssue::error(IssueCode::Invalid, Kind::InvalidData, message).at(path.clone());
        if self.session.value_set(system, None).is_some() {
            self.findings.report_and_say(invalid(messages::system_is_value_set(system)));
            return;
        }
        if let Some(supplement) = self.session.supplement(system, version) {
            self.findings.report_and_say(invalid(messages::is_supplement(&supplement)));
            return;
        }
        let known = self.session.known_versions(system);
        let message = messages::unknown_system_of_code(system, version, &known);
        let unknown = if known.is_empty() { system.to_owned() } else { crate::canonical(system, version) };
        self.findings.say(&message.text);
        if self.findings.is_unknown(unknown) {
            self.findings.report(TxIssue::error(IssueCode::NotFound, Kind::NotFound, message).at(path));
        }
    }

    /// Sums up all codings.
    fn sum_up(&mut self) {
        self.forgive_unknown_systems();
        let is_internal = self.value_set().is_internal;
        let says_so = !self.lacks_code || (self.is_concept() && !is_internal);
        if self.member == Member::No && says_so && (!is_internal || !self.findings.has_errors()) {
            let canonical = self.value_set().canonical();
            let (message, path) = match self.coded {
                Coded::Concept(_) => (messages::no_coding_in_value_set(&canonical), ""),
                Coded::Coding(_) => (messages::not_in_value_set(&canonical, &self.words.join(", ")), "Coding.code"),
                Coded::Code(_) => (messages::not_in_value_set(&canonical, &self.words.join(", ")), "code"),
            };
            self.findings.report_and_say(TxIssue::error(IssueCode::CodeInvalid, Kind::NotInVs, message).at(path));
        }
        let findings = std::mem::take(&mut self.findings);
        self.answer.conclude(findings, self.member);
    }

    /// That the system of one coding is not known does no harm when another coding is in.
    fn forgive_unknown_systems(&mut self) {
        if self.matched.is_empty() || !self.is_concept() {
            return;
        }
        for (index, coding) in self.coded.codings().iter().enumerate().filter(|(index, _)| !self.matched.contains(index)) {
            let path = below(&self.path(index), "system");
            let system = crate::canonical(coding.system.as_deref().unwrap_or_default(), coding.version.as_deref());
            let is_it = |issue: &&mut TxIssue| {
                issue.severity == Severity::Error
                    && issue.expression == path
                    && issue.id.is_some_and(|id| id.starts_with("UNKNOWN_CODESYSTEM"))
            };
            for issue in self.findings.issues.iter_mut().filter(is_it) {
                let message = messages::coding_not_checked(&system);
                let was = std::mem::replace(&mut issue.text, message.text.clone());
                (issue.severity, issue.id) = (Severity::Warning, message.id);
                self.findings.messages.retain(|said| *said != was);
                self.findings.messages.push(message.text);
            }
        }
    }
}

/// The newest version of a system that a value set names.
fn newest_included(value_set: &ValueSet, system: &str) -> Option<String> {
    let of_system = value_set.includes.iter().filter(|set| set.system.as_deref() == Some(system));
    let versions = of_system.filter_map(|set| set.version.as_deref());
    versions.max_by(|left, right| compare_versions(Some(left), Some(right))).map(str::to_owned)
}
