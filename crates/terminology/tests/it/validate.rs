use fhir::Value;
use terminology::request::ValidateRequest;

use crate::{animals, filtered, parameters, told, value_set, with};

const ANIMALS: (&str, &str) = ("system", "http://example.org/animals");

fn validated(resources: Vec<Value>, pairs: &[(&str, &str)]) -> Value {
    with(resources, |engine| {
        let request = ValidateRequest::read_for_value_set(&parameters(pairs)).expect("the request is right");
        terminology::validate_in_value_set(engine, request).unwrap_or_else(|error| panic!("{error}"))
    })
}

fn result(answer: &Value) -> bool {
    told(answer, "result").and_then(Value::as_bool).expect("it says")
}

#[test]
fn abstract_concepts_may_be_refused() {
    let all = value_set("all", r#"{"include": [{"system": "http://example.org/animals"}]}"#);
    let ask = |more: &[(&str, &str)]| {
        let pairs = [&[("url", "http://example.org/vs/all"), ANIMALS, ("code", "animal")], more].concat();
        validated(vec![animals(), all.clone()], &pairs)
    };
    assert!(result(&ask(&[])));
    let refused = ask(&[("abstract", "false")]);
    assert!(!result(&refused));
    let message = told(&refused, "message").and_then(Value::as_str).unwrap_or_default();
    assert!(message.contains("Code 'http://example.org/animals#animal' is abstract, and not allowed in this context"), "{message}");
}

#[test]
fn the_system_is_found_from_the_code() {
    let resources = vec![animals(), filtered("mammals", "concept", "is-a", "mammal")];
    let answer = validated(resources.clone(), &[("url", "http://example.org/vs/mammals"), ("code", "dog"), ("inferSystem", "true")]);
    assert!(result(&answer));
    assert_eq!(told(&answer, "system").and_then(Value::as_str), Some("http://example.org/animals"));
    assert!(!result(&validated(resources, &[("url", "http://example.org/vs/mammals"), ("code", "dodo"), ("inferSystem", "true")])));
}

#[test]
fn a_wrong_display_is_an_error_unless_it_is_told_otherwise() {
    let resources = vec![animals(), filtered("mammals", "concept", "is-a", "mammal")];
    let asked = [("url", "http://example.org/vs/mammals"), ANIMALS, ("code", "dog"), ("display", "Cat")];
    assert!(!result(&validated(resources.clone(), &asked)));
    let lenient = [&asked[..], &[("lenient-display-validation", "true")]].concat();
    assert!(result(&validated(resources, &lenient)));
}

#[test]
fn nothing_is_said_of_a_code_when_only_membership_counts() {
    let resources = vec![animals(), filtered("mammals", "concept", "is-a", "mammal")];
    let asked = [("url", "http://example.org/vs/mammals"), ANIMALS, ("code", "unicorn"), ("valueset-membership-only", "true")];
    let answer = validated(resources, &asked);
    let issues = told(&answer, "issues").map(|issues| issues.list("issue").count());
    assert_eq!((result(&answer), issues), (false, Some(1)));
}
