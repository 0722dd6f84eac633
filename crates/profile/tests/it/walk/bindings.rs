//! Bindings: the walk asks, and each strength has its severity.

use fhir::Severity;
use fhir::definitions::BindingStrength;
use profile::binding::{Binding, Coded, Membership};

use super::{judged, profile};

/// Knows one value set, in which there is `in`.
struct One;

impl Binding for One {
    fn judge(&self, value_set: &str, _strength: BindingStrength, coded: Coded<'_>) -> Membership {
        if value_set != "http://example.org/set" {
            return Membership::CannotTell("it is another one".to_owned());
        }
        let is_in = match coded {
            Coded::Code(code) => code == "in",
            Coded::Coding(coding) => coding.text("code") == Some("in"),
            Coded::Concept(concept) => concept.list("coding").any(|coding| coding.text("code") == Some("in")),
        };
        if is_in { Membership::In } else { Membership::NotIn }
    }

    fn member_of(&self, _value_set: &str, _system: Option<&str>, _code: &str) -> Option<bool> {
        None
    }
}

fn found(strength: &str, set: &str, element: &str) -> Vec<(u16, Severity)> {
    let profile = profile(
        "Patient",
        &format!(r#"{{"path": "Patient.maritalStatus", "binding": {{"strength": "{strength}", "valueSet": "http://example.org/{set}"}}}}"#),
    );
    let issues = judged(&[profile], &format!(r#"{{"resourceType": "Patient", "maritalStatus": {element}}}"#), &One);
    issues.iter().map(|issue| (issue.number, issue.severity)).collect()
}

#[test]
fn each_strength() {
    let (inside, outside) = (r#"{"coding": [{"code": "out"}, {"code": "in"}]}"#, r#"{"coding": [{"code": "out"}]}"#);
    assert_eq!(found("required", "set", inside), []);
    assert_eq!(found("required", "set", outside), [(1022, Severity::Error)]);
    assert_eq!(found("extensible", "set", outside), [(1022, Severity::Warning)]);
    assert_eq!(found("preferred", "set", outside), [(1022, Severity::Information)]);
    assert_eq!(found("example", "set", outside), []);
    assert_eq!(found("required", "other", outside), [(1023, Severity::Information)]);
}

#[test]
fn text_alone_is_enough_where_a_code_is_not_required() {
    assert_eq!(found("required", "set", r#"{"text": "x"}"#), [(1024, Severity::Error)]);
    assert_eq!(found("extensible", "set", r#"{"text": "x"}"#), []);
}
