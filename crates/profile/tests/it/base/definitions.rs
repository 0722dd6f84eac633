//! Rules that FHIR states in words: ids of elements, canonical addresses, search parameters.

use fhir::library::Shelf;
use fhir::{Severity, Value};
use profile::base::{Options, check};

use crate::walk::json;

/// The errors by FHIR's own rules as `number path`, with these definitions in the library.
pub fn errors(definitions: &[Value], resource: &str) -> Vec<String> {
    let library = Shelf::new(definitions.iter().cloned());
    let mut issues = Vec::new();
    check(&json(resource), &Options { library: Some(&library), ..Options::default() }, &mut issues);
    let errors = issues.into_iter().filter(|issue| issue.severity >= Severity::Error);
    errors.map(|issue| format!("{} {}", issue.number, issue.expression)).collect()
}

#[test]
fn an_id_stands_once_in_a_resource() {
    let named = |first: &str, second: &str| {
        errors(
            &[],
            &format!(r#"{{"resourceType": "Patient", "name": [{{"id": "{first}", "family": "a"}}, {{"id": "{second}", "family": "b"}}]}}"#),
        )
    };
    assert_eq!((named("a", "b"), named("a", "a")), (vec![], vec!["1048 Patient.name[1]".to_owned()]));
    // Those of contained resources, and of entries, are counted apart.
    let contained = r##"{"resourceType": "Patient", "contained": [{"resourceType": "Patient", "id": "x", "name": [{"id": "a", "family": "a"}]}],
        "link": [{"type": "seealso", "other": {"reference": "#x"}}], "name": [{"id": "a", "family": "b"}]}"##;
    assert_eq!(errors(&[], contained), [""; 0]);
    let beside = r#"{"resourceType": "Patient", "_gender": {"id": "a"}, "gender": "male", "name": [{"id": "a", "family": "b"}]}"#;
    assert_eq!(errors(&[], beside), ["1048 Patient.name[0]"]);
}

#[test]
fn canonical_addresses_lead_to_the_type_that_is_meant() {
    let set = json(r#"{"resourceType": "ValueSet", "url": "http://example.org/set"}"#);
    let response = |url: &str| format!(r#"{{"resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "{url}"}}"#);
    let judged = |url: &str| errors(std::slice::from_ref(&set), &response(url));
    assert_eq!(judged("http://example.org/set"), ["1047 QuestionnaireResponse.questionnaire"]);
    assert_eq!(judged("http://example.org/nowhere"), [""; 0]);
    let form = json(r#"{"resourceType": "Questionnaire", "url": "http://example.org/set"}"#);
    assert_eq!(errors(&[set, form], &response("http://example.org/set|2")), [""; 0]);
}

#[test]
fn search_parameters_are_as_their_origin_says() {
    let parameter = |members: &str| format!(r#"{{"resourceType": "SearchParameter", "base": ["Patient"], {members}}}"#);
    let derived =
        |kind: &str| parameter(&format!(r#""type": "{kind}", "derivedFrom": "http://hl7.org/fhir/SearchParameter/individual-gender""#));
    assert_eq!((errors(&[], &derived("token")), errors(&[], &derived("date"))), (vec![], vec!["1046 SearchParameter".to_owned()]));
    let elsewhere = r#""type": "string", "derivedFrom": "http://hl7.org/fhir/SearchParameter/Organization-name""#;
    assert_eq!(errors(&[], &parameter(elsewhere)), ["1046 SearchParameter"]);
    let part = r#"{"definition": "http://a", "expression": "b"}"#;
    let composite = |parts: &str| errors(&[], &parameter(&format!(r#""type": "composite", "component": [{parts}]"#)));
    assert_eq!((composite(&format!("{part}, {part}")), composite(part)), (vec![], vec!["1046 SearchParameter".to_owned()]));
}

#[test]
fn a_statement_has_the_types_of_search_parameters() {
    let own = json(r#"{"resourceType": "SearchParameter", "url": "http://example.org/shade", "type": "token"}"#);
    let statement = |definition: &str, kind: &str| {
        let parameter = format!(r#"{{"name": "x", "definition": "{definition}", "type": "{kind}"}}"#);
        let text = format!(
            r#"{{"resourceType": "CapabilityStatement", "kind": "requirements", "description": "x",
                "rest": [{{"mode": "server", "resource": [{{"type": "Patient", "searchParam": [{parameter}]}}]}}]}}"#
        );
        errors(std::slice::from_ref(&own), &text)
    };
    let place = "1046 CapabilityStatement.rest[0].resource[0].searchParam[0]";
    assert_eq!(statement("http://hl7.org/fhir/SearchParameter/individual-gender", "date"), [place]);
    assert_eq!(statement("http://hl7.org/fhir/SearchParameter/individual-gender", "token"), [""; 0]);
    assert_eq!(
        (statement("http://example.org/shade", "token"), statement("http://example.org/shade", "uri")),
        (vec![], vec![place.to_owned()])
    );
    assert_eq!(statement("http://example.org/unknown", "uri"), [""; 0]);
}
