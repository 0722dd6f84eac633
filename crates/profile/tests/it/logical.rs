//! Instances of logical models.

use fhir::library::Shelf;
use fhir::{Severity, Value};
use profile::binding::Nobody;
use profile::logical::{is_model, validate};

use crate::walk::json;

const MODEL: &str = "http://example.org/card";

fn model(elements: &str) -> Value {
    json(&format!(
        r#"{{"resourceType": "StructureDefinition", "url": "{MODEL}", "kind": "logical", "type": "{MODEL}", "derivation": "specialization",
            "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Base", "differential": {{"element": [{{"path": "card"}}, {elements}]}}}}"#
    ))
}

fn errors(elements: &str, instance: &str) -> Vec<String> {
    let library = Shelf::new([model(elements)]);
    assert!(is_model(MODEL, &library));
    let errors = validate(&json(instance), MODEL, &library, &Nobody).into_iter().filter(|issue| issue.severity >= Severity::Error);
    errors.map(|issue| format!("{} {}", issue.number, issue.expression)).collect()
}

#[test]
fn elements_are_those_of_the_model() {
    let elements = r##"{"path": "card.number", "min": 1, "max": "1", "type": [{"code": "string"}]},
        {"path": "card.line", "min": 0, "max": "*", "type": [{"code": "BackboneElement"}]},
        {"path": "card.line.period", "min": 1, "max": "1", "type": [{"code": "Period"}]},
        {"path": "card.line.inner", "min": 0, "max": "*", "contentReference": "#card.line"}"##;
    assert_eq!(errors(elements, r#"{"number": "1", "line": [{"period": {"start": "2020"}}]}"#), [""; 0]);
    assert_eq!(errors(elements, r#"{"numbre": "1"}"#), ["1094 card.numbre", "1010 card.number"]);
    assert_eq!(errors(elements, r#"{"number": ["1"]}"#), ["1095 card.number"]);
    assert_eq!(errors(elements, r#"{"number": "1", "line": {}}"#), ["1095 card.line"]);
    assert_eq!(errors(elements, r#"{"number": "1", "line": [{"inner": [{}]}]}"#).len(), 3);
    // Values are judged as FHIR judges them, invariants included.
    assert_eq!(errors(elements, r#"{"number": 1}"#), ["104 card.number"]);
    let backwards = r#"{"number": "1", "line": [{"period": {"start": "2021", "end": "2020"}}]}"#;
    assert_eq!(errors(elements, backwards), ["1050 card.line[0].period"]);
    assert_eq!(errors(elements, "[]"), ["1095 card"]);
}

#[test]
fn values_are_fixed_and_invariants_hold() {
    let elements = r#"{"path": "card.kind", "min": 0, "max": "1", "type": [{"code": "code"}], "fixedCode": "a"},
        {"path": "card.value[x]", "min": 0, "max": "1", "type": [{"code": "string"}, {"code": "Bundle"}],
            "constraint": [{"key": "c-1", "severity": "error", "human": "x", "expression": "true"}]}"#;
    assert_eq!((errors(elements, r#"{"kind": "a"}"#), errors(elements, r#"{"kind": "b"}"#)), (vec![], vec!["1013 card.kind".to_owned()]));
    assert_eq!(errors(elements, r#"{"valueString": "x"}"#), [""; 0]);
    assert_eq!(errors(elements, r#"{"valueString": 1}"#), ["1012 card.value"]);
    let holds = |expression: &str| {
        let elements = format!(
            r#"{{"path": "card.a", "min": 0, "max": "1", "type": [{{"code": "Element"}}], "constraint": [{{"key": "c-1", "severity": "error", "human": "x", "expression": "{expression}"}}]}},
            {{"path": "card.a.b", "min": 0, "max": "1", "type": [{{"code": "integer"}}]}}"#
        );
        errors(&elements, r#"{"a": {"b": 1}}"#)
    };
    assert_eq!((holds("b = 1"), holds("b = 2")), (vec![], vec!["1017 card.a".to_owned()]));
}

#[test]
fn names_of_members_may_be_values() {
    let key = "http://hl7.org/fhir/tools/StructureDefinition/json-property-key";
    let elements = format!(
        r#"{{"path": "card.place", "min": 1, "max": "2", "type": [{{"code": "Base"}}], "extension": [{{"url": "{key}", "valueCode": "name"}}]}},
            {{"path": "card.place.name", "min": 1, "max": "1", "type": [{{"code": "code"}}]}},
            {{"path": "card.place.value", "min": 1, "max": "1", "type": [{{"code": "uri"}}]}}"#
    );
    assert_eq!(errors(&elements, r#"{"place": {"a": "http://a", "b": "http://b"}}"#), [""; 0]);
    assert_eq!(errors(&elements, r#"{"place": {"a": "http://a", "b": "http://b", "c": "http://c"}}"#), ["1011 card.place"]);
    assert_eq!(errors(&elements, "{}"), ["1095 card", "1010 card.place"]);
}
