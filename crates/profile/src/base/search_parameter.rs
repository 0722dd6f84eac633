//! Search parameters: definitions (<http://hl7.org/fhir/R4/searchparameter.html>), and what a CapabilityStatement says of them.

use std::sync::Arc;

use fhir::canonical::Canonical;
use fhir::definitions::definitions;
use fhir::{IssueCode, Severity, Value};

use super::place::Place;
use super::walk::Walk;
use crate::codes;

/// How many components a composite has at least: with one it would be that parameter itself.
const FEWEST_COMPONENTS: usize = 2;

/// What is known of the definition at an address.
enum Known {
    Ours(&'static fhir::definitions::SearchParameter),
    Found(Arc<Value>),
}

impl Known {
    fn kind(&self) -> Option<&str> {
        match self {
            Known::Ours(parameter) => Some(parameter.kind.code()),
            Known::Found(parameter) => parameter.text("type"),
        }
    }

    /// Whether it is for a type of resource, itself or by an abstract one.
    fn is_for(&self, name: &str) -> bool {
        let is = |base: &str| base == name || matches!(base, "Resource" | "DomainResource");
        match self {
            Known::Ours(parameter) => parameter.bases.iter().any(|base| is(base)),
            Known::Found(parameter) => parameter.list("base").filter_map(Value::as_str).any(is),
        }
    }
}

/// A SearchParameter: a composite has components, and one that is derived has the type of the other and no more bases.
pub(super) fn check<'a>(walk: &mut Walk<'_, 'a>, place: &Place<'_, 'a>) {
    let parameter = place.value;
    let kind = parameter.text("type");
    if kind == Some("composite") && parameter.list("component").count() < FEWEST_COMPONENTS {
        let text = "a composite search parameter has two components at least: add what it is composed of, or choose another type";
        walk.report(codes::SEARCH_PARAMETER, IssueCode::Required, Severity::Error, place, text);
    }
    let Some(origin) = parameter.text("derivedFrom").and_then(|address| find(walk, address)) else { return };
    if let Some(other) = origin.kind().filter(|other| kind.is_some_and(|kind| kind != *other)) {
        let text = format!("the search parameter that it is derived from has the type {other}: let this one have it too");
        walk.report(codes::SEARCH_PARAMETER, IssueCode::BusinessRule, Severity::Error, place, text);
    }
    if parameter.list("base").filter_map(Value::as_str).any(|base| !origin.is_for(base)) {
        let text = "the search parameter that it is derived from is not for all of these bases: leave out those that it has not";
        walk.report(codes::SEARCH_PARAMETER, IssueCode::BusinessRule, Severity::Error, place, text);
    }
}

/// A CapabilityStatement: the search parameters that it names have the types that their definitions say.
pub(super) fn of_statement<'a>(walk: &mut Walk<'_, 'a>, place: &Place<'_, 'a>) {
    for (index, rest) in place.value.list("rest").enumerate() {
        let rest_place = place.child("rest", Some(index), place.kind, rest);
        of_level(walk, &rest_place, rest);
        for (index, resource) in rest.list("resource").enumerate() {
            of_level(walk, &rest_place.child("resource", Some(index), place.kind, resource), resource);
        }
    }
}

fn of_level<'a>(walk: &mut Walk<'_, 'a>, place: &Place<'_, 'a>, level: &'a Value) {
    for (index, stated) in level.list("searchParam").enumerate() {
        let Some(known) = stated.text("definition").and_then(|address| find(walk, address)) else { continue };
        if let (Some(kind), Some(defined)) = (stated.text("type"), known.kind())
            && kind != defined
        {
            let place = place.child("searchParam", Some(index), place.kind, stated);
            let text = format!("the definition of the search parameter has the type {defined}: say the same");
            walk.report(codes::SEARCH_PARAMETER, IssueCode::BusinessRule, Severity::Error, &place, text);
        }
    }
}

/// The definition: of the library, or one of HL7's.
fn find(walk: &Walk<'_, '_>, address: &str) -> Option<Known> {
    let canonical = Canonical::parse(address);
    let found = walk.options.library.and_then(|library| library.find("SearchParameter", &canonical));
    found.map(Known::Found).or_else(|| definitions().search_parameter(canonical.url).map(Known::Ours))
}
