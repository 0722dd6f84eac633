//! `ValueSet/$related`, on trial in the terminology ecosystem: how two value sets stand to each other.

mod definitions;

use std::sync::Arc;

use fhir::Value;

use crate::engine::Terminology;
use crate::error::TerminologyError;
use crate::expand::Collector;
use crate::messages;
use crate::request::{Options, Parameters, Subject};
use crate::session::Session;
use crate::value_set::ValueSet;

/// Codes that are expanded at most to compare two value sets.
const MOST: usize = 10_000;

/// `ValueSet/$related`.
#[derive(Clone, Debug)]
pub struct RelatedRequest {
    /// The one.
    pub this: Subject,
    /// The other.
    pub other: Subject,
    /// Whether the codes are told.
    pub tells_codes: bool,
    /// How.
    pub options: Options,
}

impl RelatedRequest {
    /// Reads the parameters `thisUrl` or `thisValueSet`, `otherUrl` or `otherValueSet`, and `diagnostics`.
    ///
    /// # Errors
    /// When a value set is missing or a parameter has the wrong type.
    pub fn read(parameters: &Value) -> Result<Self, TerminologyError> {
        let reader = Parameters::new(parameters)?;
        let subject = |side: &str| {
            if let Some(resource) = reader.resource(&format!("{side}ValueSet")) {
                return Ok(Subject::Resource(resource.clone()));
            }
            let version = reader.text(&format!("{side}Version"))?;
            let url = reader.text(&format!("{side}Url"))?;
            let missing = || TerminologyError::request(format!("No value set to compare: name '{side}Url' or give '{side}ValueSet'"));
            url.map(|url| Subject::Url { url, version }).ok_or_else(missing)
        };
        let tells_codes = reader.truth("diagnostics")?.unwrap_or(false);
        Ok(Self { this: subject("this")?, other: subject("other")?, tells_codes, options: Options::read(&reader)? })
    }
}

/// What one value set has and the other has not. The codes are told where they are known.
#[derive(Debug, Default)]
struct Comparison {
    has_common: bool,
    /// Whether the one has codes that the other has not.
    has_more: bool,
    /// Whether the other has codes that the one has not.
    lacks: bool,
    common: Vec<String>,
    missing: Vec<String>,
    extra: Vec<String>,
}

/// Compares two value sets: Parameters with `result` (`same`, `superset`, `subset`, `overlapping`, `disjoint`, `empty` or `indeterminate`), `message`,
/// `performed-expansion`, and on request the codes in common, those that the other one misses and those that it has beyond.
///
/// # Errors
/// When a value set cannot be found. That they cannot be compared is an answer.
pub fn related(engine: &Terminology<'_>, request: RelatedRequest) -> Result<Value, TerminologyError> {
    let session = Session::new(*engine, request.options);
    let (this, other) = (session.subject(&request.this)?, session.subject(&request.other)?);
    let names = (this.canonical(), other.canonical());
    let by_definition = definitions::compare(&session, &this, &other)?;
    let expands = by_definition.is_none();
    let compared = match by_definition {
        Some(comparison) => Ok(comparison),
        None => by_expansion(&session, &this, &other),
    };
    let (result, message) = match &compared {
        Err(error) => ("indeterminate", format!("Unable to compare {} and {}: This expansion failed: {error}", names.0, names.1)),
        Ok(comparison) => comparison.result(&names, expands),
    };
    let mut parameters = vec![
        fhir::object! { "name": "result", "valueCode": result },
        fhir::object! { "name": "message", "valueString": message },
        fhir::object! { "name": "performed-expansion", "valueBoolean": expands },
    ];
    if let Some(comparison) = compared.ok().filter(|_| request.tells_codes && !(expands && result == "same")) {
        let lists = [("common-codes", comparison.common), ("missing-codes", comparison.missing), ("extra-codes", comparison.extra)];
        let told = lists.into_iter().filter(|(_, codes)| !codes.is_empty());
        parameters.extend(told.map(|(name, codes)| fhir::object! { "name": name, "valueString": codes.join(",") }));
    }
    Ok(fhir::object! { "resourceType": "Parameters", "parameter": parameters })
}

impl Comparison {
    fn result(&self, (this, other): &(String, String), is_complete: bool) -> (&'static str, String) {
        match (self.has_common, self.has_more, self.lacks) {
            (false, false, false) if is_complete => ("empty", format!("Both the value sets {this} and {other} are empty")),
            (false, ..) => ("disjoint", format!("No shared codes between the value sets {this} and {other}")),
            (true, false, false) => ("same", format!("The value sets {this} and {other} contain the same codes")),
            (true, true, false) => ("superset", format!("The valueSet {this} is a super-set of the valueSet {other}")),
            (true, false, true) => ("subset", format!("The valueSet {this} is a sub-set of the valueSet {other}")),
            (true, true, true) => {
                let text = "contain the codes the other doesn't, but there is some overlap";
                ("overlapping", format!("Both value sets {this} and {other} {text}"))
            }
        }
    }
}

fn by_expansion(session: &Session<'_>, this: &Arc<ValueSet>, other: &Arc<ValueSet>) -> Result<Comparison, TerminologyError> {
    let codes = |value_set: &Arc<ValueSet>| -> Result<_, TerminologyError> {
        let collected = Collector::new(session, None).collect(value_set)?;
        if collected.items.len() > MOST || collected.is_unclosed() {
            return Err(TerminologyError::too_costly(messages::too_costly(&value_set.canonical(), MOST)));
        }
        Ok(collected)
    };
    let (this, other) = (codes(this)?, codes(other)?);
    let mut comparison = Comparison::default();
    for item in &this.items {
        let system = &this.systems[item.system];
        let code = system.code(&item.concept);
        let list = if other.contains(&system.about().url, &code) { &mut comparison.common } else { &mut comparison.missing };
        list.push(code.into_owned());
    }
    for item in &other.items {
        let system = &other.systems[item.system];
        let code = system.code(&item.concept);
        if !this.contains(&system.about().url, &code) {
            comparison.extra.push(code.into_owned());
        }
    }
    comparison.has_common = !comparison.common.is_empty();
    comparison.has_more = !comparison.missing.is_empty();
    comparison.lacks = !comparison.extra.is_empty();
    Ok(comparison)
}
