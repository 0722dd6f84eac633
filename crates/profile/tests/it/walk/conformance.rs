//! `conformsTo()` in the invariants of profiles.

use fhir::Value;

use super::{PROFILE, errors, issues, profile_at};

const OFFICIAL: &str = "http://example.org/official";
const NAMED: &str = "http://example.org/named";

/// A profile on Patient with an invariant on its root.
fn asking(expression: &str) -> Value {
    let constraint = format!(r#"{{"key": "x-1", "human": "words", "severity": "error", "expression": "{expression}"}}"#);
    profile_at(PROFILE, "Patient", &format!(r#"{{"path": "Patient", "constraint": [{constraint}]}}"#))
}

/// What is wrong with a patient, when there are two profiles more: of names with a use, and of patients with a name.
fn found(expression: &str, patient: &str) -> Vec<String> {
    let official = profile_at(OFFICIAL, "HumanName", r#"{"path": "HumanName.use", "min": 1}"#);
    let named = profile_at(NAMED, "Patient", r#"{"path": "Patient.name", "min": 1}"#);
    errors(&[asking(expression), official, named], patient)
}

#[test]
fn resources_and_elements_are_judged_by_other_profiles() {
    let (named, unnamed) = (r#"{"resourceType": "Patient", "name": [{"use": "usual"}]}"#, r#"{"resourceType": "Patient"}"#);
    let resource = format!("conformsTo('{NAMED}')");
    assert_eq!((found(&resource, named), found(&resource, unnamed).len()), (Vec::new(), 1));
    let element = format!("name.all(conformsTo('{OFFICIAL}'))");
    let unfit = r#"{"resourceType": "Patient", "name": [{"use": "usual"}, {"family": "a"}]}"#;
    assert_eq!((found(&element, named), found(&element, unfit).len()), (Vec::new(), 1));
    assert_eq!(found(&format!("conformsTo('{OFFICIAL}').not()"), named), [""; 0], "another type never conforms");
}

#[test]
fn one_that_asks_for_itself_comes_to_an_end() {
    let patient = r#"{"resourceType": "Patient", "name": [{"use": "usual"}]}"#;
    for expression in [format!("conformsTo('{PROFILE}')"), format!("descendants().all(%resource.conformsTo('{PROFILE}'))")] {
        let found = issues(&[asking(&expression)], patient);
        assert!(found.iter().all(|issue| issue.number == 1017 || issue.number == 1018), "{found:?}");
    }
    assert_eq!(issues(&[asking("conformsTo('http://example.org/none')")], patient)[0].number, 1018);
}
