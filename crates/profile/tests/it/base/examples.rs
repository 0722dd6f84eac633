//! HL7's own examples are valid, but for defects that are listed.

use fhir::{Issue, Severity};
use profile::base::{Options, constraints};
use published::KnownFailures;

#[test]
fn every_expression_can_be_parsed() {
    assert_eq!(constraints().len(), 239);
    for constraint in constraints() {
        fhirpath::Expression::parse(constraint.expression).unwrap_or_else(|error| panic!("{}: {error}", constraint.key));
    }
}

#[test]
fn examples_are_valid() {
    let Some(examples) = published::examples() else { return };
    let mut known = KnownFailures::read(include_str!("../known_failures/examples.txt"));
    assert!(examples.len() >= 447);
    for (name, text) in examples {
        let resource = fhir::json::parse(&text).expect("an example is JSON");
        let mut issues = Vec::new();
        profile::base::check(&resource, &Options::default(), &mut issues);
        let errors: Vec<&Issue> = issues.iter().filter(|issue| issue.severity >= Severity::Error).collect();
        let told = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n    ");
        known.report(&name, if errors.is_empty() { Ok(()) } else { Err(told) });
    }
    known.finish("examples");
}

#[test]
fn what_the_reference_validator_finds_valid_is_not_refused() {
    crate::verdicts::valid(include_str!("../known_failures/valid.txt"));
}

/// HL7's own definitions follow its rules, but for defects that are listed.
#[test]
fn the_definitions_are_valid() {
    let Some(folder) = published::data("fhir-r4/definitions") else { return };
    let mut known = KnownFailures::read(include_str!("../known_failures/definitions.txt"));
    // The definitions of resources hold as well, and take longer.
    let files = ["profiles-types", "extension-definitions", "search-parameters", "valuesets"];
    for file in files {
        let bundle = fhir::json::parse(&published::gunzip(&folder.join(format!("{file}.json.gz")))).expect("the definitions are JSON");
        for resource in bundle.list("entry").filter_map(|entry| entry.get("resource")) {
            let mut issues = Vec::new();
            profile::base::check(resource, &Options::default(), &mut issues);
            let errors: Vec<String> = issues.iter().filter(|issue| issue.severity >= Severity::Error).map(ToString::to_string).collect();
            let name = format!("{}/{}", resource.resource_type().unwrap_or_default(), resource.text("id").unwrap_or_default());
            known.report(&name, if errors.is_empty() { Ok(()) } else { Err(errors.join("\n    ")) });
        }
    }
    known.finish("definitions");
}
