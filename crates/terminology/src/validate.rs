//! `ValueSet/$validate-code` and `CodeSystem/$validate-code` (<http://hl7.org/fhir/R4/valueset-operation-validate-code.html>,
//! <http://hl7.org/fhir/R4/codesystem-operation-validate-code.html>), and many of them in one request.

mod answer;
mod codings;
mod concept_set;
mod displays;
mod findings;
mod infer;
mod member;
mod prepare;
mod versions;

use std::sync::Arc;

use fhir::{IssueCode, Object, Value};

use crate::engine::Terminology;
use crate::error::{Failure, TerminologyError};
use crate::expand::adopt;
use crate::issue::{Kind, TxIssue};
use crate::messages;
use crate::request::{Coded, Coding, Parameters, Subject, ValidateRequest};
use crate::session::{Rules, Session};
use crate::value_set::ValueSet;

pub(crate) use answer::Answer;
pub(crate) use prepare::Prepared;

/// Validates a code, Coding or CodeableConcept in a value set: Parameters with `result`, `message`, `display`, `code`, `system`, `version`, `inactive`,
/// `status`, `codeableConcept`, `issues` and so on, as far as each applies.
///
/// # Errors
/// When there is no value set or none that can be found, a supplement is missing, or a filter of the value set cannot be worked with. That a code
/// is wrong, or its system not known, is an answer.
pub fn validate_in_value_set(engine: &Terminology<'_>, request: ValidateRequest) -> Result<Value, TerminologyError> {
    let mut options = request.options;
    // The system is inferred from a code alone.
    options.infers_system &= matches!(request.coded, Coded::Code(_));
    let mut session = Session::new(*engine, options);
    let Some(subject) = &request.subject else {
        return Err(TerminologyError::request("No ValueSet specified - provide url parameter or valueSet resource"));
    };
    let value_set = session.subject(subject)?;
    adopt(&mut session.options, &value_set)?;
    session.require(&value_set.supplements);
    let answer = answer_in(&session, &value_set, &request.coded)?;
    Ok(answer.parameters())
}

/// What is to be said of something coded and a value set.
pub(crate) fn answer_in(session: &Session<'_>, value_set: &Arc<ValueSet>, coded: &Coded) -> Result<Answer, TerminologyError> {
    match Prepared::new(session, value_set) {
        Ok(prepared) => codings::check(session, &prepared, coded),
        Err(error) if error.is_answer => Ok(Answer::failed(&error, coded, session)),
        Err(error) => Err(error),
    }
}

/// Validates a code, Coding or CodeableConcept in a code system: the one that the request is about, or that the code names.
///
/// # Errors
/// As for value sets; that the code system is not known is an answer.
pub fn validate_in_code_system(engine: &Terminology<'_>, request: ValidateRequest) -> Result<Value, TerminologyError> {
    let mut options = request.options;
    options.infers_system = false;
    let mut coded = request.coded;
    let subject = request.subject;
    if let Some(Subject::Resource(resource)) = &subject {
        options.resources.push(resource.clone());
    }
    let session = Session::new(*engine, options);
    match system_value_set(&session, subject.as_ref(), &mut coded) {
        Ok(value_set) => Ok(answer_in(&session, &value_set, &coded)?.parameters()),
        Err(error) if error.is_answer => Ok(Answer::failed(&error, &coded, &session).parameters()),
        Err(error) => Err(error),
    }
}

/// Where the system of a coding stands in the request.
fn system_path(coded: &Coded) -> &'static str {
    match coded {
        Coded::Code(_) => "system",
        Coded::Coding(_) => "Coding.system",
        Coded::Concept(_) => "CodeableConcept.coding[0].system",
    }
}

/// The value set of all concepts of the system that a request is about.
fn system_value_set(session: &Session<'_>, subject: Option<&Subject>, coded: &mut Coded) -> Result<Arc<ValueSet>, TerminologyError> {
    let first = coded.codings().into_iter().next().unwrap_or_default();
    let (url, version) = match subject {
        Some(Subject::Resource(resource)) => (resource.text("url").map(str::to_owned), resource.text("version").map(str::to_owned)),
        Some(Subject::Url { url, version }) => (Some(url.clone()), version.clone()),
        Some(Subject::Context(_)) | None => (first.system.clone(), first.version.clone()),
    };
    let Some(url) = url else {
        let path = match coded {
            Coded::Code(_) => "",
            Coded::Coding(_) => "Coding",
            Coded::Concept(_) => "CodeableConcept.coding[0]",
        };
        let issue = TxIssue::warning(IssueCode::Invalid, Kind::InvalidData, messages::no_system()).at(path);
        return Err(TerminologyError::new(Failure::Request, issue).into_answer());
    };
    if let Coded::Code(coding) = coded
        && coding.system.is_none()
    {
        coding.system = Some(url.clone());
    }
    if let Some(system) = session.system(&url, version.as_deref(), Rules::Apply)? {
        let about = system.about();
        return Ok(Arc::new(ValueSet::of_system(&url, about.version.as_deref(), about.value_set.as_deref())));
    }
    Err(unknown_system(session, &url, version.as_deref(), system_path(coded)))
}

/// Why a system cannot be validated against.
fn unknown_system(session: &Session<'_>, url: &str, version: Option<&str>, path: &str) -> TerminologyError {
    let wanted = session.version_for(url, version, false);
    let mut unknown = None;
    let issue = if let Some(supplement) = session.supplement(url, wanted.as_deref()) {
        TxIssue::error(IssueCode::Invalid, Kind::InvalidData, messages::is_supplement(&supplement))
    } else if session.value_set(url, wanted.as_deref()).is_some() {
        TxIssue::error(IssueCode::Invalid, Kind::InvalidData, messages::system_is_value_set(url))
    } else {
        let known = session.known_versions(url);
        unknown = Some(if known.is_empty() { url.to_owned() } else { crate::canonical(url, wanted.as_deref()) });
        TxIssue::error(IssueCode::NotFound, Kind::NotFound, messages::unknown_system_of_code(url, wanted.as_deref(), &known))
    };
    let mut error = TerminologyError::new(Failure::Unprocessable, issue.at(path)).into_answer();
    if !is_absolute(url) {
        error.issues.push(TxIssue::error(IssueCode::Invalid, Kind::InvalidData, messages::relative_system()).at(path));
    }
    error.unknown_system = unknown;
    error
}

/// Whether an address has a scheme.
fn is_absolute(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, rest)| {
        !rest.is_empty()
            && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

/// Answers many validations: a Parameters resource with a parameter `validation` for each, in their order. What stands beside them counts for each
/// that does not say otherwise. Each is about a value set when it names one, and about a code system otherwise.
///
/// # Errors
/// When `parameters` is no Parameters resource; that one of the validations cannot be answered is its own answer, an OperationOutcome.
pub fn validate_batch(engine: &Terminology<'_>, parameters: &Value) -> Result<Value, TerminologyError> {
    let reader = Parameters::new(parameters)?;
    let common: Vec<&Value> = parameters.list("parameter").filter(|parameter| parameter.text("name") != Some("validation")).collect();
    let mut answers: Vec<Value> = Vec::new();
    for validation in reader.all("validation") {
        let answer = match validation.get("resource") {
            Some(resource) => validate_one(engine, &merged(resource, &common)),
            None => Err(TerminologyError::request("The parameter 'validation' has to be a Parameters resource")),
        };
        let answer = answer.unwrap_or_else(|error| error.outcome());
        answers.push(fhir::object! { "name": "validation", "resource": answer });
    }
    Ok(fhir::object! { "resourceType": "Parameters", "parameter": answers })
}

fn validate_one(engine: &Terminology<'_>, parameters: &Value) -> Result<Value, TerminologyError> {
    let reader = Parameters::new(parameters)?;
    let is_of_value_set = ["url", "context"].into_iter().any(|name| reader.value(name).is_some()) || reader.resource("valueSet").is_some();
    if is_of_value_set {
        validate_in_value_set(engine, ValidateRequest::read_for_value_set(parameters)?)
    } else {
        validate_in_code_system(engine, ValidateRequest::read_for_code_system(parameters)?)
    }
}

/// The parameters of one validation, with those of all that it does not have itself.
fn merged(own: &Value, common: &[&Value]) -> Value {
    let mut parameters: Vec<Value> = own.list("parameter").cloned().collect();
    let names: Vec<String> = parameters.iter().filter_map(|parameter| parameter.text("name")).map(str::to_owned).collect();
    let has = |parameter: &Value| parameter.text("name").is_some_and(|name| name != "tx-resource" && names.iter().any(|own| own == name));
    parameters.extend(common.iter().filter(|parameter| !has(parameter)).map(|parameter| (*parameter).clone()));
    let mut merged = own.as_object().cloned().unwrap_or_else(Object::new);
    merged.set("parameter", parameters);
    merged.into()
}

/// The coding as messages write it: `'system|version#code ('display')'`.
fn in_words(coding: &Coding, system: &str) -> String {
    let version = coding.version.as_ref().map(|version| format!("|{version}")).unwrap_or_default();
    let display = coding.display.as_ref().map(|display| format!(" ('{display}')")).unwrap_or_default();
    format!("'{system}{version}#{}{display}'", coding.code.as_deref().unwrap_or_default())
}
