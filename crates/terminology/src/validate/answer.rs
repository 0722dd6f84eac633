//! The answer of `$validate-code`, and how it is written as Parameters.

use fhir::{Object, Severity, Value};

use super::findings::Findings;
use super::member::Member;
use crate::error::TerminologyError;
use crate::issue::{Kind, TxIssue, outcome};
use crate::messages;
use crate::request::{Coded, Coding};
use crate::session::{Rules, Session};

/// The answer.
pub(crate) struct Answer {
    coded: Coded,
    /// Whether it is valid.
    pub(crate) result: bool,
    /// Whether it is in, where anybody can tell.
    pub(crate) member: Option<bool>,
    /// What was found wrong, and what to look at.
    pub(crate) issues: Vec<TxIssue>,
    message: Option<String>,
    /// The coding that is in.
    accepted: Option<Accepted>,
    /// The coding that was looked at, the last one that is in when any is.
    tried: Coding,
    display: Option<String>,
    /// The version of the code's own system, when the code is not in.
    own_version: Option<String>,
    implied: Option<String>,
    inactive: bool,
    status: Option<String>,
    normalized: Option<String>,
    unknown: Vec<(&'static str, String)>,
}

/// A coding that is in.
struct Accepted {
    system: Option<String>,
    code: String,
    version: Option<String>,
    path: String,
}

impl Answer {
    pub(super) fn new(coded: &Coded) -> Self {
        Self {
            coded: coded.clone(),
            result: false,
            member: Some(false),
            issues: Vec::new(),
            message: None,
            accepted: None,
            tried: Coding::default(),
            display: None,
            own_version: None,
            implied: None,
            inactive: false,
            status: None,
            normalized: None,
            unknown: Vec::new(),
        }
    }

    /// The answer when the value set or code system cannot be worked with.
    pub(super) fn failed(error: &TerminologyError, coded: &Coded, session: &Session<'_>) -> Self {
        let mut answer = Self::new(coded);
        answer.member = None;
        answer.issues = error.issues.clone();
        answer.message = Some(error.text().to_owned());
        answer.unknown.extend(error.unknown_system.iter().map(|system| ("x-caused-by-unknown-system", system.clone())));
        if let (false, Some(coding)) = (matches!(coded, Coded::Concept(_)), coded.codings().into_iter().next()) {
            let system = coding.system.as_deref().and_then(|url| session.system(url, None, Rules::Apply).ok().flatten());
            let version = system.and_then(|system| system.about().version.as_deref().map(str::to_owned));
            answer.tried = Coding { version: coding.version.clone().or(version), ..coding };
        }
        answer
    }

    /// Notes a coding that was looked at.
    pub(super) fn tried(&mut self, coding: &Coding, is_in: bool, version: Option<&str>) {
        if self.tried.code.is_none() || is_in {
            self.tried = Coding { display: None, ..coding.clone() };
        }
        if self.tried.version.is_none() {
            self.tried.version = version.map(str::to_owned);
        }
    }

    /// Notes a coding that is in: the first one counts.
    pub(super) fn accept(&mut self, coding: &Coding, path: &str, version: Option<&str>, display: Option<&str>) {
        if self.accepted.is_none() {
            self.accepted = Some(Accepted {
                system: coding.system.clone(),
                code: coding.code.clone().unwrap_or_default(),
                version: version.map(str::to_owned),
                path: path.to_owned(),
            });
            self.display = display.map(str::to_owned);
        }
    }

    /// Notes what the system of a code that is not in says of it.
    pub(super) fn explained(&mut self, display: Option<&str>, version: Option<&str>) {
        if self.accepted.is_none() {
            self.display = display.map(str::to_owned).or(self.display.take());
        }
        self.own_version = self.own_version.take().or(version.map(str::to_owned));
    }

    /// Concludes from all that was found out.
    pub(super) fn conclude(&mut self, mut findings: Findings, member: Member) {
        self.member = match member {
            Member::Yes => Some(true),
            Member::No => Some(false),
            Member::Unknown => None,
        };
        self.result = member == Member::Yes && !findings.has_errors();
        for system in std::mem::take(&mut findings.unknown) {
            match member {
                Member::No => self.unknown.push(("x-unknown-system", system)),
                _ if !self.result => self.unknown.push(("x-caused-by-unknown-system", system)),
                _ => {}
            }
        }
        self.normalized = findings.normalized.take();
        self.implied = findings.implied.take();
        self.conclude_status(&mut findings);
        let errors: Vec<String> =
            findings.issues.iter().filter(|issue| issue.severity >= Severity::Error).map(|issue| issue.text.clone()).collect();
        errors.iter().for_each(|error| findings.say(error));
        findings.messages.sort();
        self.message = (!findings.messages.is_empty()).then(|| findings.messages.join("; "));
        self.issues = findings.issues;
    }

    fn conclude_status(&mut self, findings: &mut Findings) {
        let status = findings.status.take().unwrap_or_default();
        let is_concept = matches!(self.coded, Coded::Concept(_));
        if let Some(inactive) = findings.inactive.take() {
            if !is_concept || self.accepted.as_ref().is_some_and(|accepted| accepted.path == inactive.path) {
                self.inactive = true;
                self.status = Some(status.clone()).filter(|status| !status.is_empty() && status != "inactive");
            }
            let path = if inactive.path.is_empty() { "code".to_owned() } else { inactive.path };
            let message = messages::inactive_concept(&inactive.code, &status);
            findings.report_and_say(TxIssue::warning(fhir::IssueCode::BusinessRule, Kind::CodeComment, message).at(path));
        } else if status.eq_ignore_ascii_case("deprecated") {
            self.status = Some("deprecated".to_owned());
            let path = match &self.coded {
                Coded::Code(_) => "code",
                Coded::Coding(_) => "Coding",
                Coded::Concept(_) => "CodeableConcept",
            };
            let message = messages::deprecated_concept(self.tried.code.as_deref().unwrap_or_default());
            findings.report_and_say(TxIssue::warning(fhir::IssueCode::BusinessRule, Kind::CodeComment, message).at(path));
        }
    }

    /// The answer as Parameters.
    pub(crate) fn parameters(&self) -> Value {
        let mut parameters: Vec<Value> = Vec::new();
        let mut add = |name: &str, element: &'static str, value: Value| {
            let mut parameter = Object::new();
            parameter.push("name", name);
            parameter.push(element, value);
            parameters.push(parameter.into());
        };
        let is_concept = matches!(self.coded, Coded::Concept(_));
        let tried = Some(&self.tried).filter(|_| !is_concept);
        let accepted = self.accepted.as_ref();
        add("result", "valueBoolean", self.result.into());
        let system = accepted.and_then(|accepted| accepted.system.as_ref());
        let implied = self.implied.as_ref().filter(|_| self.member == Some(true));
        if let Some(system) = system.or(implied).or(tried.and_then(|tried| tried.system.as_ref())) {
            add("system", "valueUri", system.as_str().into());
        }
        for (name, system) in &self.unknown {
            add(name, "valueCanonical", system.as_str().into());
        }
        self.normalized.iter().for_each(|code| add("normalized-code", "valueCode", code.as_str().into()));
        let code = accepted.map(|accepted| &accepted.code).or(tried.and_then(|tried| tried.code.as_ref()));
        code.into_iter().for_each(|code| add("code", "valueCode", code.as_str().into()));
        let version = accepted.and_then(|accepted| accepted.version.as_ref());
        let version = version.or(tried.and_then(|tried| self.own_version.as_ref().or(tried.version.as_ref())));
        version.into_iter().for_each(|version| add("version", "valueString", version.as_str().into()));
        if let Some(display) = self.display.as_ref().filter(|_| code.is_some()) {
            add("display", "valueString", display.as_str().into());
        }
        if self.inactive {
            add("inactive", "valueBoolean", true.into());
        }
        self.status.iter().for_each(|status| add("status", "valueCode", status.as_str().into()));
        self.message.iter().for_each(|message| add("message", "valueString", message.as_str().into()));
        if let Coded::Concept(concept) = &self.coded {
            add("codeableConcept", "valueCodeableConcept", concept.clone());
        }
        if !self.issues.is_empty() {
            add("issues", "resource", outcome(&self.issues));
        }
        fhir::object! { "resourceType": "Parameters", "parameter": parameters }
    }
}
