use fhir::Value;
use terminology::request::{LookupRequest, SubsumesRequest};

use crate::{animals, json, parameters, told, with};

#[test]
fn a_concept_is_told_whole_or_in_parts() {
    with(vec![animals()], |engine| {
        let ask = |pairs: &[(&str, &str)]| {
            let request = LookupRequest::read(&parameters(pairs)).expect("the request is right");
            terminology::lookup(engine, &request).unwrap_or_else(|error| panic!("{error}"))
        };
        let dog = [("system", "http://example.org/animals"), ("code", "Dog")];
        let all = ask(&dog);
        assert_eq!(told(&all, "display").and_then(Value::as_str), Some("Dog"));
        assert_eq!(told(&all, "definition").and_then(Value::as_str), Some("A friend"));
        let text = fhir::json::to_string(&all);
        assert!(text.contains(r#"{"name":"code","valueCode":"parent"},{"name":"value","valueCode":"mammal"}"#), "{text}");
        assert!(text.contains(r#"{"name":"code","valueCode":"legs"},{"name":"value","valueInteger":4}"#), "{text}");
        let part = fhir::json::to_string(&ask(&[dog[0], dog[1], ("property", "legs")]));
        assert!(part.contains("legs") && !part.contains("parent") && !part.contains("Hund"), "{part}");
        let german = ask(&[dog[0], dog[1], ("displayLanguage", "de")]);
        assert_eq!(told(&german, "display").and_then(Value::as_str), Some("Hund"));
    });
}

#[test]
fn what_is_not_known_is_told() {
    with(vec![animals()], |engine| {
        let ask = |system: &str, code: &str| {
            let request = LookupRequest::read(&parameters(&[("system", system), ("code", code)])).expect("the request is right");
            terminology::lookup(engine, &request).expect_err("it is not known").to_string()
        };
        assert_eq!(
            ask("http://example.org/animals", "unicorn"),
            "Unknown code 'unicorn' in the CodeSystem 'http://example.org/animals' version '2'"
        );
        assert!(
            ask("http://example.org/plants", "rose")
                .starts_with("A definition for CodeSystem 'http://example.org/plants' could not be found")
        );
    });
}

#[test]
fn concepts_stand_above_and_below_each_other() {
    with(vec![animals()], |engine| {
        let ask = |left: &str, right: &str| {
            let request = parameters(&[("system", "http://example.org/animals"), ("codeA", left), ("codeB", right)]);
            let request = SubsumesRequest::read(&request, None).expect("the request is right");
            let answer = terminology::subsumes(engine, &request).unwrap_or_else(|error| panic!("{error}"));
            told(&answer, "outcome").and_then(Value::as_str).map(str::to_owned).expect("it says")
        };
        assert_eq!(ask("animal", "dog"), "subsumes");
        assert_eq!(ask("bat", "flyer"), "subsumed-by");
        assert_eq!(ask("dog", "flyer"), "not-subsumed");
        assert_eq!(ask("dog", "DOG"), "equivalent");
    });
}

#[test]
fn an_edition_stands_for_its_newest_release() {
    let release = |date: &str| {
        json(&format!(
            r#"{{"resourceType": "CodeSystem", "url": "http://snomed.info/sct", "version": "http://snomed.info/sct/900000000000207008/version/{date}",
                "status": "active", "content": "fragment", "concept": [{{"code": "73211009", "display": "Diabetes of {date}"}}]}}"#
        ))
    };
    with(vec![release("20240101"), release("20250101")], |engine| {
        let ask = |version: &str| {
            let request = parameters(&[("system", "http://snomed.info/sct"), ("code", "73211009"), ("version", version)]);
            let answer = terminology::lookup(engine, &LookupRequest::read(&request).expect("the request is right"));
            answer.ok().and_then(|answer| told(&answer, "display").and_then(Value::as_str).map(str::to_owned))
        };
        let edition = "http://snomed.info/sct/900000000000207008";
        assert_eq!(ask(edition).as_deref(), Some("Diabetes of 20250101"));
        assert_eq!(ask(&format!("{edition}/version/20240101")).as_deref(), Some("Diabetes of 20240101"));
        assert_eq!(ask("http://snomed.info/sct/11000146104"), None);
    });
}
