//! Definitions that mean no good end in an error that says what is wrong.

use fhir::Value;
use terminology::request::ValidateRequest;

use crate::{animals, expand, filtered, json, parameters, value_set, with};

#[test]
fn a_value_set_that_includes_itself_is_told() {
    let one = value_set("one", r#"{"include": [{"valueSet": ["http://example.org/vs/two"]}]}"#);
    let two = value_set("two", r#"{"include": [{"system": "http://example.org/animals"}, {"valueSet": ["http://example.org/vs/one"]}]}"#);
    with(vec![animals(), one, two], |engine| {
        let error = expand(engine, &[("url", "http://example.org/vs/one")]).expect_err("it is circular");
        let pathway = "[http://example.org/vs/one|1, http://example.org/vs/two|1]";
        assert_eq!(
            error.to_string(),
            format!("Found a circularity pointing to http://example.org/vs/one|1 processing ValueSet with pathway {pathway}")
        );
        let request = parameters(&[("url", "http://example.org/vs/one"), ("code", "dog"), ("system", "http://example.org/animals")]);
        let request = ValidateRequest::read_for_value_set(&request).expect("the request is right");
        let error = terminology::validate_in_value_set(engine, request).expect_err("it is circular");
        assert!(error.to_string().starts_with("Found a circularity"), "{error}");
        let verdict = engine.validate_binding("http://example.org/vs/one", terminology::Bound::Code("dog"));
        assert_eq!(verdict.membership, terminology::Membership::CannotTell);
    });
}

#[test]
fn a_long_chain_of_value_sets_is_too_much() {
    let link = |number: usize| {
        value_set(&format!("{number}"), &format!(r#"{{"include": [{{"valueSet": ["http://example.org/vs/{}"]}}]}}"#, number + 1))
    };
    let mut resources: Vec<Value> = (0..200).map(link).collect();
    resources.push(value_set("200", r#"{"include": [{"system": "http://example.org/animals"}]}"#));
    resources.push(animals());
    with(resources, |engine| {
        let error = expand(engine, &[("url", "http://example.org/vs/0")]).expect_err("it is too deep");
        assert!(error.to_string().contains("levels deep"), "{error}");
    });
}

#[test]
fn value_sets_that_include_each_other_many_times_are_bounded() {
    // Each includes the next one twice: a walk that looks at all ways would never end.
    let link = |number: usize| {
        let next = number + 1;
        let include = format!(r#"{{"valueSet": ["http://example.org/vs/{next}"]}}"#);
        value_set(&format!("{number}"), &format!(r#"{{"include": [{include}, {include}]}}"#))
    };
    let mut resources: Vec<Value> = (0..30).map(link).collect();
    resources.push(value_set("30", r#"{"include": [{"system": "http://example.org/animals"}]}"#));
    resources.push(animals());
    with(resources, |engine| {
        let found = expand(engine, &[("url", "http://example.org/vs/0")]);
        assert!(found.is_ok() || found.is_err_and(|error| error.to_string().contains("too many")));
    });
}

#[test]
fn patterns_are_bounded_and_linear() {
    let evil = "(a+)+(a+)+(a+)+(a+)+b";
    with(vec![animals(), filtered("evil", "concept", "regex", evil)], |engine| {
        expand(engine, &[("url", "http://example.org/vs/evil")]).expect("it takes linear time");
    });
    for pattern in ["(((a{100}){100}){100})", "(unclosed", &"a".repeat(2000)] {
        with(vec![animals(), filtered("evil", "concept", "regex", pattern)], |engine| {
            let error = expand(engine, &[("url", "http://example.org/vs/evil")]).expect_err("it is no pattern that can be used");
            assert!(error.to_string().contains("regular expression"), "{error}");
        });
    }
}

#[test]
fn deep_hierarchies_are_refused() {
    let mut concept = r#"{"code": "bottom"}"#.to_owned();
    for level in 0..40 {
        concept = format!(r#"{{"code": "c{level}", "concept": [{concept}]}}"#);
    }
    let mut deep = json(&format!(
        r#"{{"resourceType": "CodeSystem", "url": "http://example.org/deep", "content": "complete", "concept": [{concept}]}}"#
    ));
    // Deeper than text may be nested, as code may build it.
    for level in 0..100 {
        let inner = deep.get("concept").cloned().expect("there are concepts");
        let wrapped = fhir::object! { "code": format!("w{level}"), "concept": inner };
        deep.as_object_mut().expect("it is an object").set("concept", fhir::array![wrapped]);
    }
    with(vec![deep], |engine| {
        let error = expand(engine, &[("url", "http://example.org/deep?fhir_vs")]).expect_err("it is too deep");
        assert!(error.to_string().contains("levels deep"), "{error}");
    });
}

#[test]
fn circles_in_a_hierarchy_end() {
    let circle = json(
        r#"{"resourceType": "CodeSystem", "url": "http://example.org/circle", "content": "complete", "property": [{"code": "parent", "type": "code"}], "concept": [
            {"code": "a", "property": [{"code": "parent", "valueCode": "b"}]}, {"code": "b", "property": [{"code": "parent", "valueCode": "a"}]}]}"#,
    );
    with(vec![circle], |engine| {
        expand(engine, &[("url", "http://example.org/circle?fhir_vs")]).expect("it ends");
        let codes = engine.below("http://example.org/circle", "a", 10).expect("there are few");
        assert_eq!(codes.len(), 2);
    });
}

#[test]
fn too_many_codes_are_told() {
    let concepts: Vec<Value> = (0..1500).map(|number| fhir::object! { "code": format!("c{number}") }).collect();
    let big = fhir::object! { "resourceType": "CodeSystem", "url": "http://example.org/big", "content": "complete", "concept": concepts };
    with(vec![big], |engine| {
        let error = expand(engine, &[("url", "http://example.org/big?fhir_vs")]).expect_err("there are too many");
        assert!(error.to_string().contains("too many codes"), "{error}");
        let page = expand(engine, &[("url", "http://example.org/big?fhir_vs"), ("count", "10")]).expect("a page is small");
        assert_eq!(crate::codes(&page).len(), 10);
    });
}
