//! Extensions against their definitions.

use fhir::{Severity, Value};

use super::{errors, issues, profile, profile_at};

const NICKNAME: &str = "http://example.org/nickname";

fn nickname(root: &str) -> Value {
    profile_at(
        NICKNAME,
        "Extension",
        &format!(
            r#"{{"path": "Extension"{root}}}, {{"path": "Extension.url", "fixedUri": "{NICKNAME}"}},
            {{"path": "Extension.value[x]", "min": 1, "type": [{{"code": "string"}}]}}"#
        ),
    )
}

fn patient(place: &str, value: &str) -> String {
    format!(r#"{{"resourceType": "Patient", "{place}": [{{"url": "{NICKNAME}", {value}}}]}}"#)
}

#[test]
fn they_fit_their_definition() {
    let definitions = [nickname("")];
    assert_eq!(errors(&definitions, &patient("extension", r#""valueString": "x""#)), [""; 0]);
    assert_eq!(errors(&definitions, &patient("extension", r#""valueCode": "x""#)), ["1012 Patient.extension[0].value"]);
    assert_eq!(errors(&definitions, &patient("extension", r#""id": "x""#)), ["1010 Patient.extension[0].value"]);
}

#[test]
fn modifiers_stand_where_modifiers_do() {
    assert_eq!(errors(&[nickname("")], &patient("modifierExtension", r#""valueString": "x""#)), ["1031 Patient.modifierExtension[0]"]);
    let modifier = [nickname(r#", "isModifier": true"#)];
    assert_eq!(errors(&modifier, &patient("modifierExtension", r#""valueString": "x""#)), [""; 0]);
    assert_eq!(errors(&modifier, &patient("extension", r#""valueString": "x""#)), ["1031 Patient.extension[0]"]);
}

#[test]
fn those_not_known() {
    let found = issues(&[], &patient("extension", r#""valueString": "x""#));
    assert_eq!(found.iter().map(|issue| (issue.number, issue.severity)).collect::<Vec<_>>(), [(1029, Severity::Information)]);
    assert_eq!(errors(&[], &patient("modifierExtension", r#""valueString": "x""#)), ["1030 Patient.modifierExtension[0]"]);
}

#[test]
fn slices_that_a_profile_asks_for() {
    let slice = format!(
        r#"{{"path": "Patient.extension", "sliceName": "nickname", "min": 1, "max": "1", "type": [{{"code": "Extension", "profile": ["{NICKNAME}"]}}]}}"#
    );
    let definitions = [nickname(""), profile("Patient", &slice)];
    assert_eq!(errors(&definitions, &patient("extension", r#""valueString": "x""#)), [""; 0]);
    assert_eq!(errors(&definitions, r#"{"resourceType": "Patient"}"#), ["1010 Patient.extension"]);
    let other = r#"{"resourceType": "Patient", "extension": [{"url": "http://example.org/other", "valueString": "x"}]}"#;
    assert_eq!(errors(&definitions, other), ["1010 Patient.extension"]);
}
