//! Whether a coding is in a value set, with all that is to be said on the way.

use std::sync::Arc;

use fhir::{IssueCode, Value};

use super::concept_set::{Role, Set};
use super::findings::{Findings, Found, below};
use super::infer;
use super::prepare::Prepared;
use super::versions::Versions;
use crate::designation::same_text;
use crate::error::TerminologyError;
use crate::expand::newest_versions_first;
use crate::issue::{Kind, TxIssue};
use crate::messages;
use crate::request::Coding;
use crate::session::{Rules, Session};
use crate::system::System;
use crate::value_set::{ConceptSet, ValueSet};
use crate::version::compare_versions;

/// Whether a coding is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    Yes,
    No,
    /// Nobody can tell: a code system is not known.
    Unknown,
}

/// A coding that is looked at.
pub(super) struct Asked<'c> {
    pub(super) path: &'c str,
    pub(super) system: Option<&'c str>,
    pub(super) version: Option<&'c str>,
    pub(super) code: &'c str,
    pub(super) display: Option<&'c str>,
}

impl<'c> Asked<'c> {
    pub(super) fn new(coding: &'c Coding, path: &'c str) -> Self {
        Self {
            path,
            system: coding.system.as_deref(),
            version: coding.version.as_deref(),
            code: coding.code.as_deref().unwrap_or_default(),
            display: coding.display.as_deref(),
        }
    }
}

/// Whether a coding is in a value set.
pub(super) fn member(
    session: &Session<'_>,
    prepared: &Prepared,
    asked: &Asked<'_>,
    findings: &mut Findings,
    found: &mut Found,
) -> Result<Member, TerminologyError> {
    let inferred;
    let asked = match asked.system {
        Some(_) => asked,
        None if !session.options.infers_system => {
            findings.report_and_say(TxIssue::warning(IssueCode::Invalid, Kind::InvalidData, messages::no_system()).at(asked.path));
            return Ok(Member::No);
        }
        None => {
            let Some(system) = infer::system(session, prepared, asked.code, findings)? else { return Ok(Member::No) };
            inferred = system;
            findings.implied = Some(inferred.clone());
            &Asked { system: Some(&inferred), ..*asked }
        }
    };
    session.check_supplements()?;
    let value_set = &prepared.value_set;
    if value_set.has_compose {
        return by_rules(session, prepared, asked, findings, found);
    }
    match value_set.resource.get("expansion").and_then(|expansion| in_expansion(expansion, asked)) {
        Some(entry) => by_expansion(session, value_set, entry, asked, findings, found),
        None => Ok(Member::No),
    }
}

fn by_rules(
    session: &Session<'_>,
    prepared: &Prepared,
    asked: &Asked<'_>,
    findings: &mut Findings,
    found: &mut Found,
) -> Result<Member, TerminologyError> {
    let value_set = &prepared.value_set;
    let system = asked.system.unwrap_or_default();
    let picked = pick_version(session, value_set, asked)?;
    let names_version = asked.version.is_some_and(|version| value_set.includes.iter().any(|set| set.version.as_deref() == Some(version)));
    let mut result = Member::No;
    for index in newest_versions_first(&value_set.includes) {
        let set = &value_set.includes[index];
        let is_asked = set.system.as_deref() == Some(system)
            && picked.as_ref().is_none_or(|picked| set.version.as_ref() == Some(picked))
            && (!names_version || set.version.as_deref() == asked.version);
        result = match &set.system {
            None => Member::Yes,
            Some(_) if is_asked => match in_set(session, value_set, set, asked, findings, found)? {
                Some(member) => member,
                None if session.options.membership_only == Some(true) => return Ok(Member::No),
                None => return Ok(Member::Unknown),
            },
            Some(_) => Member::No,
        };
        for reference in &set.value_sets {
            let Some(other) = prepared.other(session, reference) else { continue };
            let imported = &other.value_set;
            findings.report_maturity(&imported.maturity, "ValueSet", &imported.canonical(), &value_set.maturity);
            if result == Member::Yes {
                result = member(session, other, asked, findings, found)?;
            }
        }
        if result == Member::Yes {
            break;
        }
    }
    if result == Member::Yes && is_excluded(session, prepared, asked, findings, found)? {
        return Ok(Member::No);
    }
    Ok(result)
}

/// Whether a coding is in a set of its own system; `None` when the system is not known.
fn in_set(
    session: &Session<'_>,
    value_set: &ValueSet,
    set: &ConceptSet,
    asked: &Asked<'_>,
    findings: &mut Findings,
    found: &mut Found,
) -> Result<Option<Member>, TerminologyError> {
    let url = asked.system.unwrap_or_default();
    let versions = Versions { path: asked.path, system: url, included: set.version.as_deref(), of_coding: asked.version };
    let version = versions.decide(session, findings)?;
    let Some(system) = known_system(session, url, version.as_deref(), asked.path, findings)? else {
        if session.options.membership_only != Some(true) {
            let known = session.known_versions(url);
            let message = messages::unknown_system_of_code(url, version.as_deref(), &known);
            let unknown = if known.is_empty() { url.to_owned() } else { crate::canonical(url, version.as_deref()) };
            findings.say(&message.text);
            if findings.is_unknown(unknown) {
                findings.report(TxIssue::error(IssueCode::NotFound, Kind::NotFound, message).at(below(asked.path, "system")));
            }
        }
        return Ok(None);
    };
    let about = system.about();
    found.default_language = about.language.as_deref().map(str::to_owned);
    found.content = Some(about.content);
    findings.report_maturity(&about.maturity, "CodeSystem", &about.canonical(), &value_set.maturity);
    let checked = Set { session, value_set, set, system: &system, role: Role::In };
    if checked.contains(asked, findings, found)? {
        found.version = about.version.as_deref().map(str::to_owned);
        return Ok(Some(Member::Yes));
    }
    Ok(Some(Member::No))
}

/// The system of a version, when it is known; a version that the request does not allow is reported.
fn known_system(
    session: &Session<'_>,
    url: &str,
    version: Option<&str>,
    path: &str,
    findings: &mut Findings,
) -> Result<Option<Arc<dyn System>>, TerminologyError> {
    let system = session.system(url, version, Rules::Ignore)?;
    if let Some(issue) = system.as_ref().and_then(|system| session.version_issue(&**system)) {
        findings.report(issue.at(below(path, "version")));
    }
    Ok(system)
}

fn is_excluded(
    session: &Session<'_>,
    prepared: &Prepared,
    asked: &Asked<'_>,
    findings: &mut Findings,
    found: &mut Found,
) -> Result<bool, TerminologyError> {
    let value_set = &prepared.value_set;
    for set in &value_set.excludes {
        let mut is_out = true;
        if let Some(url) = &set.system {
            let Some(system) = session.system(url, set.version.as_deref(), Rules::Apply)? else { continue };
            let about = system.about();
            findings.report_maturity(&about.maturity, "CodeSystem", &about.canonical(), &value_set.maturity);
            let checked = Set { session, value_set, set, system: &system, role: Role::Out };
            is_out = asked.system == Some(&**url) && checked.contains(asked, findings, found)?;
        }
        for reference in &set.value_sets {
            let Some(other) = prepared.other(session, reference) else { continue };
            let imported = &other.value_set;
            findings.report_maturity(&imported.maturity, "ValueSet", &imported.canonical(), &value_set.maturity);
            // What the excluded value set has to say of the code is not what was asked.
            let (mut aside, mut found_aside) = (Findings::default(), Found::default());
            is_out = is_out && member(session, other, asked, &mut aside, &mut found_aside)? == Member::Yes;
        }
        if is_out {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Of several versions that a value set takes codes from, the one that counts for a code without a version: the newest that has the code with this
/// display, or else the newest. `None` when there is nothing to pick.
fn pick_version(session: &Session<'_>, value_set: &ValueSet, asked: &Asked<'_>) -> Result<Option<Box<str>>, TerminologyError> {
    if asked.version.is_some() {
        return Ok(None);
    }
    let of_system = value_set.includes.iter().filter(|set| set.system.as_deref() == asked.system);
    let mut versions: Vec<&Box<str>> = of_system.filter_map(|set| set.version.as_ref()).collect();
    versions.sort_by(|left, right| compare_versions(Some(right), Some(left)));
    versions.dedup();
    if versions.len() < 2 {
        return Ok(None);
    }
    let mut having = Vec::new();
    for version in &versions {
        if let Some(system) = session.system(asked.system.unwrap_or_default(), Some(version), Rules::Apply)?
            && let Some(concept) = system.find(asked.code)
        {
            let mut fits = asked.display.is_none();
            system.designations(&concept, &mut |designation| {
                fits = fits || asked.display.is_some_and(|display| same_text(designation.value, display))
            });
            if fits {
                having.push(*version);
            }
        }
    }
    if having.len() == versions.len() {
        return Ok(None);
    }
    Ok(having.first().or(versions.first()).map(|version| (*version).clone()))
}

/// The entry of an expansion for a coding.
fn in_expansion<'e>(expansion: &'e Value, asked: &Asked<'_>) -> Option<&'e Value> {
    let mut waiting: Vec<&Value> = expansion.list("contains").collect();
    while let Some(entry) = waiting.pop() {
        if entry.text("system") == asked.system && entry.text("code") == Some(asked.code) {
            return Some(entry);
        }
        waiting.extend(entry.list("contains"));
    }
    None
}

fn by_expansion(
    session: &Session<'_>,
    value_set: &ValueSet,
    entry: &Value,
    asked: &Asked<'_>,
    findings: &mut Findings,
    found: &mut Found,
) -> Result<Member, TerminologyError> {
    let url = asked.system.unwrap_or_default();
    let listed = entry.text("version");
    if let (Some(listed), Some(of_coding)) = (listed, asked.version)
        && !crate::version::matches(listed, of_coding)
    {
        let message = messages::expansion_version_mismatch(url, listed, of_coding);
        findings.report_and_say(TxIssue::error(IssueCode::NotFound, Kind::VsInvalid, message).at(below(asked.path, "version")));
        return Ok(Member::No);
    }
    let version = asked.version.or(listed);
    let Some(system) = known_system(session, url, version, asked.path, findings)? else {
        // The list itself says that the code is in.
        return Ok(Member::Yes);
    };
    let about = system.about();
    findings.report_maturity(&about.maturity, "CodeSystem", &about.canonical(), &value_set.maturity);
    found.version = about.version.as_deref().map(str::to_owned);
    found.content = Some(about.content);
    found.default_language = about.language.as_deref().map(str::to_owned);
    let Some(concept) = system.find(asked.code) else {
        let message = messages::unknown_code(asked.code, url, about.version.as_deref());
        findings.report(TxIssue::error(IssueCode::CodeInvalid, Kind::InvalidCode, message).at(below(asked.path, "code")));
        return Ok(Member::No);
    };
    system.designations(&concept, &mut |designation| found.names.add(&designation));
    findings.note_status(&*system, &concept, asked.path, asked.code);
    Ok(Member::Yes)
}
