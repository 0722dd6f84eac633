//! Invariants of profiles.

use fhir::Severity;

use super::{errors, issues, profile};

fn constrained(path: &str, rest: &str, expression: &str) -> fhir::Value {
    profile(
        path.split('.').next().unwrap_or_default(),
        &format!(r#"{{"path": "{path}", "constraint": [{{"key": "x-1", "human": "words", {rest}, "expression": "{expression}"}}]}}"#),
    )
}

#[test]
fn they_are_evaluated_on_each_item() {
    let profile = [constrained("Patient.name", r#""severity": "error""#, "family.exists() or text.exists()")];
    let patient = r#"{"resourceType": "Patient", "name": [{"family": "a"}, {"given": ["b"]}]}"#;
    assert_eq!(errors(&profile, patient), ["1017 Patient.name[1]"]);
    let found = issues(&profile, patient);
    assert!(found[0].diagnostics.contains("x-1") && found[0].diagnostics.contains("words"), "{}", found[0]);
}

#[test]
fn their_severity_counts() {
    let warning = [constrained("Patient", r#""severity": "warning""#, "name.exists()")];
    let found = issues(&warning, r#"{"resourceType": "Patient"}"#);
    assert_eq!(found.iter().map(|issue| issue.severity).collect::<Vec<_>>(), [Severity::Warning]);
    let best = r#""severity": "error", "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice", "valueBoolean": true}]"#;
    assert_eq!(errors(&[constrained("Patient", best, "name.exists()")], r#"{"resourceType": "Patient"}"#), [""; 0]);
}

#[test]
fn they_see_the_resource_and_the_extensions_of_primitives() {
    let resource = [constrained("Patient.name", r#""severity": "error""#, "%resource.active and %context.family.exists()")];
    assert_eq!(errors(&resource, r#"{"resourceType": "Patient", "active": true, "name": [{"family": "a"}]}"#), [""; 0]);
    assert_eq!(errors(&resource, r#"{"resourceType": "Patient", "active": false, "name": [{"family": "a"}]}"#).len(), 1);
    let absent = [constrained("Patient.birthDate", r#""severity": "error""#, "hasValue().not() and extension.exists()")];
    assert_eq!(
        errors(&absent, r#"{"resourceType": "Patient", "_birthDate": {"extension": [{"url": "urn:u", "valueCode": "unknown"}]}}"#),
        [""; 0]
    );
}

#[test]
fn what_cannot_be_parsed_is_said_and_what_cannot_be_evaluated() {
    let found = issues(&[constrained("Patient", r#""severity": "error""#, "name.exists(")], r#"{"resourceType": "Patient"}"#);
    assert_eq!(found.iter().map(|issue| (issue.number, issue.severity)).collect::<Vec<_>>(), [(1006, Severity::Warning)]);
    let found = issues(
        &[constrained("Patient", r#""severity": "error""#, "name.given.single().exists()")],
        r#"{"resourceType": "Patient", "name": [{"given": ["a", "b"]}]}"#,
    );
    assert_eq!(found.iter().map(|issue| (issue.number, issue.severity)).collect::<Vec<_>>(), [(1018, Severity::Warning)]);
}
