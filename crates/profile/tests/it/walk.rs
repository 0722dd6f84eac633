//! What the walk finds, rule by rule.

mod bindings;
mod claims;
mod conformance;
mod extensions;
mod invariants;
mod references;
mod slicing;
mod values;

use fhir::library::Shelf;
use fhir::{Issue, Severity, Value};
use profile::binding::{Binding, Nobody};
use profile::{Options, Plans};

pub const PROFILE: &str = "http://example.org/profile";

pub fn json(text: &str) -> Value {
    fhir::json::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A profile on a type with the address [`PROFILE`]; the elements are JSON without brackets around them.
pub fn profile(kind: &str, elements: &str) -> Value {
    profile_at(PROFILE, kind, elements)
}

pub fn profile_at(url: &str, kind: &str, elements: &str) -> Value {
    json(&format!(
        r#"{{"resourceType": "StructureDefinition", "url": "{url}", "type": "{kind}", "derivation": "constraint",
            "baseDefinition": "http://hl7.org/fhir/StructureDefinition/{kind}", "differential": {{"element": [{elements}]}}}}"#
    ))
}

/// The issues of a resource by [`PROFILE`], with the definitions that there are.
pub fn issues(definitions: &[Value], resource: &str) -> Vec<Issue> {
    judged(definitions, resource, &Nobody)
}

pub fn judged(definitions: &[Value], resource: &str, binding: &dyn Binding) -> Vec<Issue> {
    let library = Shelf::new(definitions.iter().cloned());
    let has_profile = definitions.iter().any(|definition| definition.text("url") == Some(PROFILE));
    let profiles: &[&str] = if has_profile { &[PROFILE] } else { &[] };
    profile::validate(&json(resource), profiles, &Options::default(), &Plans::new(), &library, binding)
}

/// The errors as `number path`, in order.
pub fn errors(definitions: &[Value], resource: &str) -> Vec<String> {
    let errors = issues(definitions, resource).into_iter().filter(|issue| issue.severity >= Severity::Error);
    errors.map(|issue| format!("{} {}", issue.number, issue.expression)).collect()
}
