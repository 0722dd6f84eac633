//! Resources that come with a request: supplements, and value sets that nobody stored.

use fhir::Value;
use terminology::request::LookupRequest;

use crate::{animals, json, told, with};

#[test]
fn a_supplement_adds_names_when_it_is_asked_for() {
    let supplement = r#"{"resourceType": "CodeSystem", "url": "http://example.org/french", "version": "1", "status": "active", "content": "supplement",
        "supplements": "http://example.org/animals", "concept": [{"code": "dog", "designation": [{"language": "fr", "value": "Chien"}]}]}"#;
    let ask = |engine: &terminology::Terminology<'_>, more: &str| {
        let request = json(&format!(
            r#"{{"resourceType": "Parameters", "parameter": [{{"name": "system", "valueUri": "http://example.org/animals"}}, {{"name": "code", "valueCode": "dog"}},
                {{"name": "displayLanguage", "valueCode": "fr"}}, {{"name": "tx-resource", "resource": {supplement}}} {more}]}}"#
        ));
        terminology::lookup(engine, &LookupRequest::read(&request).expect("the request is right"))
    };
    with(vec![animals()], |engine| {
        let display = |answer: Value| told(&answer, "display").and_then(Value::as_str).map(str::to_owned);
        let with_it = r#", {"name": "useSupplement", "valueCanonical": "http://example.org/french"}"#;
        assert_eq!(display(ask(engine, with_it).expect("it is there")).as_deref(), Some("Chien"));
        assert_eq!(display(ask(engine, "").expect("it is not needed")).as_deref(), Some("Dog"));
        let missing = r#", {"name": "useSupplement", "valueCanonical": "http://example.org/latin"}"#;
        assert_eq!(
            ask(engine, missing).expect_err("it is not there").to_string(),
            "Required supplement not found: http://example.org/latin"
        );
    });
}
