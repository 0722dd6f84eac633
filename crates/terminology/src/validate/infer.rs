//! Finds the system of a code from the value set that it should be in.

use fhir::IssueCode;

use super::findings::Findings;
use super::prepare::Prepared;
use crate::error::TerminologyError;
use crate::expand::Collector;
use crate::issue::{Kind, TxIssue};
use crate::messages;
use crate::session::{Rules, Session};
use crate::value_set::{ConceptSet, ValueSet};

/// The one system of which a value set has this code; `None` when there is none, or several, which is reported.
pub(super) fn system(
    session: &Session<'_>,
    prepared: &Prepared,
    code: &str,
    findings: &mut Findings,
) -> Result<Option<String>, TerminologyError> {
    let value_set = &prepared.value_set;
    let needs_expansion = |set: &ConceptSet| set.system.is_none() || !set.value_sets.is_empty();
    let mut systems = if value_set.includes.iter().any(needs_expansion) || !value_set.excludes.is_empty() || !value_set.has_compose {
        from_expansion(session, prepared, code)?
    } else {
        from_sets(session, value_set, code)?
    };
    systems.dedup();
    let canonical = value_set.canonical();
    let message = match systems.as_slice() {
        [one] => return Ok(Some(one.clone())),
        [] => messages::cannot_infer(code, &canonical),
        several => messages::several_systems(code, &canonical, several),
    };
    findings.report_and_say(TxIssue::error(IssueCode::NotFound, Kind::CannotInfer, message).at("code"));
    Ok(None)
}

fn from_expansion(session: &Session<'_>, prepared: &Prepared, code: &str) -> Result<Vec<String>, TerminologyError> {
    let collected = Collector::new(session, None).collect(&prepared.value_set)?;
    let mut systems: Vec<String> = Vec::new();
    for system in &collected.systems {
        let url = &system.about().url;
        if collected.contains(url, code) && !systems.iter().any(|other| **other == **url) {
            systems.push(url.to_string());
        }
    }
    Ok(systems)
}

fn from_sets(session: &Session<'_>, value_set: &ValueSet, code: &str) -> Result<Vec<String>, TerminologyError> {
    let mut systems: Vec<String> = Vec::new();
    for set in &value_set.includes {
        let Some(url) = &set.system else { continue };
        let Some(system) = session.system(url, set.version.as_deref(), Rules::Apply)? else { continue };
        let is_in = if !set.concepts.is_empty() {
            set.concepts.iter().any(|listed| &*listed.code == code)
        } else if let Some(concept) = system.find(code) {
            set.filters.is_empty() || session.passes(&system, &concept, &set.filters, &value_set.canonical())?.is_ok()
        } else {
            false
        };
        if is_in && !systems.iter().any(|other| **other == **url) {
            systems.push(url.to_string());
        }
    }
    Ok(systems)
}
