//! What the operations have in common: languages, versions, supplements, limits.

use fhir::{IssueCode, Value};

use super::parameters::{Parameters, truth, value};
use crate::error::{Failure, TerminologyError};
use crate::issue::{Kind, TxIssue};
use crate::language::Languages;
use crate::messages;

/// How a rule for a version works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is used where none is named.
    Default,
    /// It is used whatever is named.
    Force,
    /// It is used where none is named, and any other is an error.
    Check,
}

/// A rule for the version of a code system or value set.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionRule {
    /// The address.
    pub url: String,
    /// The version; parts of it may be `x` for any.
    pub version: String,
    /// How it works.
    pub mode: Mode,
    /// Whether it is about value sets.
    pub is_for_value_sets: bool,
}

impl VersionRule {
    /// The parameter that gave it.
    pub fn parameter(&self) -> &'static str {
        match (self.mode, self.is_for_value_sets) {
            (Mode::Default, false) => "system-version",
            (Mode::Check, false) => "check-system-version",
            (Mode::Force, false) => "force-system-version",
            (Mode::Default, true) => "default-valueset-version",
            (Mode::Check, true) => "check-valueset-version",
            (Mode::Force, true) => "force-valueset-version",
        }
    }
}

/// How an operation is to work. The default is that of a request without parameters.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `filter`: text that names have to match.
    pub filter: Option<String>,
    /// `count`.
    pub count: Option<usize>,
    /// `offset`.
    pub offset: Option<usize>,
    /// `activeOnly`.
    pub active_only: Option<bool>,
    /// `excludeNested`: a flat list.
    pub exclude_nested: Option<bool>,
    /// `excludeNotForUI`: without abstract concepts.
    pub exclude_not_for_ui: Option<bool>,
    /// `excludePostCoordinated`.
    pub exclude_post_coordinated: Option<bool>,
    /// `includeDesignations`.
    pub include_designations: Option<bool>,
    /// `includeDefinition`: the definition of the value set too.
    pub include_definition: Option<bool>,
    /// `versionsMatch`: a code is the same in all versions of its system.
    pub versions_match: Option<bool>,
    /// `designation`: which ones, as `system|code` of their use or `urn:ietf:bcp:47|language`.
    pub designations: Vec<String>,
    /// `property`: which ones.
    pub properties: Vec<String>,
    /// `exclude-system`: code systems to leave out, with a version or without.
    pub excluded_systems: Vec<String>,
    /// `displayLanguage`.
    pub display_language: Option<Languages>,
    /// The languages of the request, as its header says.
    pub request_language: Option<Languages>,
    /// The rules for versions.
    pub version_rules: Vec<VersionRule>,
    /// `useSupplement`.
    pub supplements: Vec<String>,
    /// `tx-resource`: resources that came along.
    pub resources: Vec<Value>,
    /// `abstract`: whether abstract concepts may be used.
    pub allows_abstract: Option<bool>,
    /// `inferSystem`: the system is to be found from the code.
    pub infers_system: bool,
    /// `lenient-display-validation`: a wrong display is a warning.
    pub is_lenient: Option<bool>,
    /// `valueset-membership-only`: nothing is said of the code beyond whether it is in the value set.
    pub membership_only: Option<bool>,
}

impl Options {
    /// Reads what the operations have in common. Parameters that are not among it are left to the caller.
    ///
    /// # Errors
    /// When a value has the wrong type or form.
    pub fn read(parameters: &Parameters<'_>) -> Result<Self, TerminologyError> {
        let mut options = Self::default();
        for (name, parameter) in parameters.each() {
            match (name, parameter.get("resource")) {
                ("tx-resource", Some(resource)) => options.resources.push(resource.clone()),
                // A whole set of parameters in one.
                ("profile", Some(resource)) => {
                    for (name, parameter) in Parameters::new(resource)?.each() {
                        options.set(name, value(parameter), true)?;
                    }
                }
                _ => options.set(name, value(parameter), true)?,
            }
        }
        Ok(options)
    }

    /// Sets one parameter. What a value set says of its own expansion does not replace what the request says: `replaces` is false.
    pub(crate) fn set(&mut self, name: &str, value: Option<&Value>, replaces: bool) -> Result<(), TerminologyError> {
        let Some(value) = value else { return Ok(()) };
        let flag = |place: &mut Option<bool>| -> Result<(), TerminologyError> {
            if replaces || place.is_none() {
                *place = Some(truth(name, value)?);
            }
            Ok(())
        };
        let text = || value.as_str().or(value.as_number()).unwrap_or_default().to_owned();
        match name {
            "activeOnly" => flag(&mut self.active_only)?,
            "excludeNested" => flag(&mut self.exclude_nested)?,
            "excludeNotForUI" => flag(&mut self.exclude_not_for_ui)?,
            "excludePostCoordinated" => flag(&mut self.exclude_post_coordinated)?,
            "includeDesignations" => flag(&mut self.include_designations)?,
            "includeDefinition" => flag(&mut self.include_definition)?,
            "versionsMatch" => flag(&mut self.versions_match)?,
            "abstract" => flag(&mut self.allows_abstract)?,
            "lenient-display-validation" => flag(&mut self.is_lenient)?,
            "valueset-membership-only" => flag(&mut self.membership_only)?,
            "inferSystem" => self.infers_system = truth(name, value)?,
            "filter" => self.filter = Some(text()),
            "count" => self.count = number(name, &text())?,
            "offset" => self.offset = number(name, &text())?,
            "designation" => self.designations.push(text()),
            "property" => add(&mut self.properties, text()),
            "useSupplement" => add(&mut self.supplements, text()),
            "exclude-system" => add(&mut self.excluded_systems, text()),
            "displayLanguage" if replaces || self.display_language.is_none() => self.display_language = Some(languages(&text())?),
            _ => self.add_rule(name, &text())?,
        }
        Ok(())
    }

    fn add_rule(&mut self, name: &str, text: &str) -> Result<(), TerminologyError> {
        let (mode, is_for_value_sets) = match name {
            "system-version" => (Mode::Default, false),
            "check-system-version" => (Mode::Check, false),
            "force-system-version" => (Mode::Force, false),
            "default-valueset-version" => (Mode::Default, true),
            "check-valueset-version" => (Mode::Check, true),
            "force-valueset-version" => (Mode::Force, true),
            _ => return Ok(()),
        };
        let Some((url, version)) = text.split_once('|').filter(|(url, version)| !url.is_empty() && !version.is_empty()) else {
            return Err(TerminologyError::request(format!("The parameter '{name}' has to be an address and a version, 'url|version'")));
        };
        let (url, version) = (url.to_owned(), version.to_owned());
        self.version_rules.push(VersionRule { url, version, mode, is_for_value_sets });
        Ok(())
    }

    /// The languages that texts are wanted in: what the parameter says, or the request's.
    pub fn languages(&self) -> Option<&Languages> {
        self.display_language.as_ref().or(self.request_language.as_ref())
    }
}

fn add(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}

fn number(name: &str, text: &str) -> Result<Option<usize>, TerminologyError> {
    let number = text.parse().map_err(|_| TerminologyError::request(format!("The parameter '{name}' has to be a number of 0 or more")))?;
    Ok(Some(number))
}

fn languages(text: &str) -> Result<Languages, TerminologyError> {
    let issue = || TxIssue::error(IssueCode::Processing, Kind::InvalidDisplay, messages::bad_language(text));
    Languages::parse(text).ok_or_else(|| TerminologyError::new(Failure::Request, issue()))
}
