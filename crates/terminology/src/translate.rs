//! `ConceptMap/$translate` (<http://hl7.org/fhir/R4/conceptmap-operation-translate.html>), from source to target and back.

mod map;

use std::sync::Arc;

use fhir::canonical::Canonical;
use fhir::library::Library;
use fhir::{Object, Value};

use crate::engine::Terminology;
use crate::error::{Failure, TerminologyError};
use crate::messages::{self, Message};
use crate::request::{Coding, Subject, TranslateRequest};
use crate::session::Session;
use crate::value_set::compiled::{CompiledSet, Membership};

use map::{Map, Translation};

/// How many maps may be asked, one after the other, for what the one before does not map.
const LONGEST_CHAIN: usize = 8;

/// Translates a code: Parameters with `result`, `message` when there is none, and a `match` for each translation, with `equivalence`, `concept`,
/// `product` and `source`. The maps are those that the request names, or all that lead from the code's system to where a code is wanted from.
///
/// # Errors
/// When the map that is named, or a value set, cannot be found.
pub fn translate(engine: &Terminology<'_>, request: &TranslateRequest) -> Result<Value, TerminologyError> {
    let session = Session::new(*engine, request.options.clone());
    let maps = maps(&session, request)?;
    let (from, to) = if request.is_reverse { (&request.target, &request.source) } else { (&request.source, &request.target) };
    let (from, to) = (scope(&session, from.as_deref())?, scope(&session, to.as_deref())?);
    let mut found: Vec<Translation> = Vec::new();
    for coding in &request.codings {
        if from.as_ref().is_some_and(|from| is_outside(from, coding)) {
            continue;
        }
        for map in &maps {
            found.extend(follow(&session, map, coding, request)?);
        }
    }
    found.retain(|translation| to.as_ref().is_none_or(|to| !is_outside(to, &translation.coding)));
    found.dedup();
    Ok(parameters(&found))
}

/// The value set that codes have to be in.
fn scope(session: &Session<'_>, url: Option<&str>) -> Result<Option<CompiledSet>, TerminologyError> {
    let Some(url) = url else { return Ok(None) };
    let subject = Subject::Url { url: url.to_owned(), version: None };
    let value_set = session.subject(&subject)?;
    CompiledSet::compile(session, &value_set).map(Some)
}

/// Whether a code is surely not in a value set.
fn is_outside(scope: &CompiledSet, coding: &Coding) -> bool {
    let code = coding.code.as_deref().unwrap_or_default();
    let membership = match &coding.system {
        Some(system) => scope.contains(system, coding.version.as_deref(), code),
        None => scope.contains_code(code),
    };
    membership == Membership::NotIn
}

/// The maps that a request is about.
fn maps(session: &Session<'_>, request: &TranslateRequest) -> Result<Vec<Map>, TerminologyError> {
    match &request.map {
        Some(Subject::Resource(resource)) => Ok(vec![Map::new(Arc::new(resource.clone()))]),
        Some(Subject::Url { url, version }) => {
            let canonical = Canonical::parse(url);
            let wanted = version.as_deref().or(canonical.version);
            let resource = session.concept_map(canonical.url, wanted).ok_or_else(|| {
                let text = format!("The concept map '{}' could not be found", crate::canonical(canonical.url, wanted));
                let message = Message { id: None, text, number: crate::codes::NOT_FOUND };
                TerminologyError::not_found(message).with_failure(Failure::NotFound)
            })?;
            Ok(vec![Map::new(resource)])
        }
        Some(Subject::Context(_)) | None => Ok(session.concept_maps().into_iter().map(Map::new).filter(|map| map.leads(request)).collect()),
    }
}

/// The translations of a coding by a map, and by those that it names for what it does not map.
fn follow(session: &Session<'_>, map: &Map, coding: &Coding, request: &TranslateRequest) -> Result<Vec<Translation>, TerminologyError> {
    let mut next = None;
    let mut found = map.translate(coding, request, &mut next);
    let mut asked = 1;
    while let Some(url) = next.take() {
        if asked >= LONGEST_CHAIN {
            return Err(TerminologyError::too_costly(messages::too_deep(&url, LONGEST_CHAIN)));
        }
        asked += 1;
        let canonical = Canonical::parse(&url);
        if let Some(other) = session.concept_map(canonical.url, canonical.version) {
            found.extend(Map::new(other).translate(coding, request, &mut next));
        }
    }
    Ok(found)
}

fn parameters(found: &[Translation]) -> Value {
    let is_found = found.iter().any(|translation| !matches!(&*translation.equivalence, "unmatched" | "disjoint"));
    let mut parameters = vec![fhir::object! { "name": "result", "valueBoolean": is_found }];
    if !is_found {
        parameters.push(fhir::object! { "name": "message", "valueString": "No translation was found: no concept map leads from this code to where a code is wanted from" });
    }
    for translation in found {
        let mut parts = vec![fhir::object! { "name": "equivalence", "valueCode": &*translation.equivalence }];
        if translation.coding.code.is_some() {
            parts.push(fhir::object! { "name": "concept", "valueCoding": coding_value(&translation.coding) });
        }
        for (element, coding) in &translation.products {
            let product = fhir::array![
                fhir::object! { "name": "element", "valueUri": element.as_str() },
                fhir::object! { "name": "concept", "valueCoding": coding_value(coding) },
            ];
            parts.push(fhir::object! { "name": "product", "part": product });
        }
        if let Some(source) = &translation.map {
            parts.push(fhir::object! { "name": "source", "valueUri": source.as_str() });
        }
        parameters.push(fhir::object! { "name": "match", "part": parts });
    }
    fhir::object! { "resourceType": "Parameters", "parameter": parameters }
}

fn coding_value(coding: &Coding) -> Value {
    let members = [("system", &coding.system), ("version", &coding.version), ("code", &coding.code), ("display", &coding.display)];
    let set = members.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
    set.collect::<Object>().into()
}

impl Session<'_> {
    /// The concept map of an address.
    fn concept_map(&self, url: &str, version: Option<&str>) -> Option<Arc<Value>> {
        let canonical = Canonical { url, version, fragment: None };
        self.brought().find("ConceptMap", &canonical).or_else(|| self.engine.library.find("ConceptMap", &canonical))
    }

    /// The newest version of each concept map.
    fn concept_maps(&self) -> Vec<Arc<Value>> {
        let mut urls = self.brought().urls("ConceptMap");
        urls.extend(self.engine.library.urls("ConceptMap"));
        urls.sort();
        urls.dedup();
        urls.iter().filter_map(|url| self.concept_map(url, None)).collect()
    }
}
