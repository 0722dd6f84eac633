//! For each invariant a resource that breaks it: it is told, and nothing takes it for sound.

use std::collections::BTreeSet;

use fhir::Severity;
use profile::base::{Options, check, constraints};

/// One line for each: the key, a tab, and the resource.
const VIOLATIONS: &str = include_str!("violations.tsv");

/// Keys without a line, and why.
const WITHOUT: [(&str, &str); 11] = [
    ("ele-1", "fhir::check"),
    ("ext-1", "fhir::check"),
    ("dom-2", "fhir::check"),
    ("dom-4", "fhir::check"),
    ("dom-5", "fhir::check"),
    ("ref-1", "fhir::check"),
    ("txt-1", "fhir::check"),
    ("txt-2", "fhir::check"),
    ("dom-6", "best practice: below"),
    ("con-3", "best practice: below"),
    ("eld-11", "a type.code that select() compares is always there: the expression cannot be false where there is a type"),
];

#[test]
fn a_violation_of_each_invariant_is_told() {
    let mut seen: BTreeSet<&str> = WITHOUT.iter().map(|(key, _)| *key).collect();
    for (key, text) in VIOLATIONS.lines().skip(1).filter_map(|line| line.split_once('\t')) {
        seen.insert(key);
        let resource = fhir::json::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{key}: {error}"));
        let mut issues = Vec::new();
        check(&resource, &Options::default(), &mut issues);
        let begin = format!("the invariant {key} does not hold");
        let told = issues.iter().find(|issue| issue.diagnostics.starts_with(&begin));
        let told = told.unwrap_or_else(|| panic!("{key} is not told of {text}, but {issues:?}"));
        assert!(told.expression.starts_with(resource.resource_type().expect("a resource has a type")), "{told}");
        assert!(told.severity >= Severity::Warning);
    }
    let all: BTreeSet<&str> = constraints().iter().map(|constraint| constraint.key).collect();
    assert_eq!(all, seen);
    println!("violated: {} of {} keys", all.len() - WITHOUT.len(), all.len());
}

#[test]
fn best_practice_is_told_when_asked_for() {
    let condition = fhir::json::parse(
        br#"{"resourceType":"Condition","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"problem-list-item"}]}]}"#,
    );
    let condition = condition.expect("it is JSON");
    let mut issues = Vec::new();
    check(&condition, &Options::default(), &mut issues);
    assert_eq!(issues, []);
    check(&condition, &Options { best_practice: true, ..Options::default() }, &mut issues);
    let told: Vec<(Severity, &str)> = issues.iter().map(|issue| (issue.severity, &issue.diagnostics[14..19])).collect();
    assert_eq!(told, [(Severity::Information, "con-3"), (Severity::Information, "dom-6")]);
}
