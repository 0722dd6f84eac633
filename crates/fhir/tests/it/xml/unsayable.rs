//! Trees that XML cannot say: an error with the place, for any tree.

use fhir::{Value, array, codes, object, xml};

use super::tree;
use published::Random;

#[track_caller]
fn unsayable(value: &Value, place: &str) {
    let issue = xml::to_string(value).expect_err("the tree cannot be written");
    assert_eq!((issue.number, issue.expression.as_str()), (codes::XML_UNSAYABLE, place), "{issue}");
}

#[test]
fn each_fault_with_its_place() {
    let cases = [
        (r#"[]"#, ""),
        (r#"{"a":1}"#, ""),
        (r#"{"resourceType":"DomainResource"}"#, ""),
        (r#"{"resourceType":"Patient","nmae":[]}"#, "Patient"),
        (r#"{"resourceType":"Patient","name":[]}"#, "Patient.name"),
        (r#"{"resourceType":"Patient","name":{"text":"a"}}"#, "Patient.name"),
        (r#"{"resourceType":"Patient","name":[{}]}"#, "Patient.name[0]"),
        (r#"{"resourceType":"Patient","name":[{"text":"a"},null]}"#, "Patient.name[1]"),
        (r#"{"resourceType":"Patient","name":["a"]}"#, "Patient.name[0]"),
        (r#"{"resourceType":"Patient","name":[{"text":["a"]}]}"#, "Patient.name[0].text"),
        (r#"{"resourceType":"Patient","name":[{"text":"a"}],"_name":[{"id":"b"}]}"#, "Patient.name[0]"),
        (r#"{"resourceType":"Patient","name":[{"given":[null]}]}"#, "Patient.name[0].given[0]"),
        (r#"{"resourceType":"Patient","name":[{"id":1}]}"#, "Patient.name[0]"),
        (r#"{"resourceType":"Patient","name":[{"id":"a","_id":{"id":"b"}}]}"#, "Patient.name[0]"),
        (r#"{"resourceType":"Patient","active":"true"}"#, "Patient.active"),
        (r#"{"resourceType":"Patient","active":null}"#, "Patient.active"),
        (r#"{"resourceType":"Patient","_active":{}}"#, "Patient.active"),
        (r#"{"resourceType":"Patient","_active":true}"#, "Patient.active"),
        (r#"{"resourceType":"Patient","multipleBirthInteger":"2"}"#, "Patient.multipleBirth"),
        (r#"{"resourceType":"Patient","multipleBirthInteger":2,"multipleBirthBoolean":true}"#, "Patient"),
        (r#"{"resourceType":"Patient","birthDate":1974}"#, "Patient.birthDate"),
        (r#"{"resourceType":"Patient","birthDate":"a\u0001b"}"#, "Patient.birthDate"),
        (r#"{"resourceType":"Patient","birthDate":"a\uffffb"}"#, "Patient.birthDate"),
        (r#"{"resourceType":"Patient","contained":[{"id":"a"}]}"#, "Patient.contained[0]"),
        (r#"{"resourceType":"Patient","text":{"div":"a"}}"#, "Patient.text.div"),
        (r#"{"resourceType":"Patient","text":{"div":"<div>a</div>"}}"#, "Patient.text.div"),
        (r#"{"resourceType":"Patient","text":{"div":"<p xmlns=\"http://www.w3.org/1999/xhtml\"/>"}}"#, "Patient.text.div"),
        (r#"{"resourceType":"Patient","text":{"div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">&nbsp;</div>"}}"#, "Patient.text.div"),
        (r#"{"resourceType":"Patient","text":{"div":"</text><div xmlns=\"http://www.w3.org/1999/xhtml\"/>"}}"#, "Patient.text.div"),
        (
            r#"{"resourceType":"Patient","text":{"div":"<?xml version=\"1.0\"?><div xmlns=\"http://www.w3.org/1999/xhtml\"/>"}}"#,
            "Patient.text.div",
        ),
        (
            r#"{"resourceType":"Patient","text":{"div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"/>","_div":{"id":"a"}}}"#,
            "Patient.text.div",
        ),
    ];
    for (json, place) in cases {
        unsayable(&tree(json), place);
    }
}

#[test]
fn nesting_without_end() {
    let mut value = object! { "url": "a", "valueCode": "b" };
    for _ in 0..2000 {
        value = object! { "url": "a", "extension": array![value] };
    }
    let issue = xml::to_string(&object! { "resourceType": "Patient", "extension": array![value] }).expect_err("2000 levels are too many");
    assert!(issue.expression.starts_with("Patient.extension[0].extension[0]"));
}

#[test]
fn what_is_written_of_a_random_tree_is_read_again() {
    let mut random = Random::new(7);
    let mut written = 0;
    for round in 0..20_000 {
        let value = random_resource(&mut random);
        if let Ok(text) = xml::to_string(&value) {
            let read = xml::parse(text.as_bytes()).unwrap_or_else(|issues| panic!("round {round}: {text}: {issues:?}"));
            let again = xml::to_string(&read).expect("what was read can be written");
            assert_eq!(again, text, "round {round}");
            written += 1;
        }
    }
    assert!((2000..19_000).contains(&written), "{written} of 20000 could be written");
}

fn random_resource(random: &mut Random) -> Value {
    let mut value = random_value(random, 0);
    if let Some(object) = value.as_object_mut() {
        object.insert_at(0, "resourceType", random.pick(&["Patient", "Observation", "Bundle", "Parameters"]));
    }
    value
}

fn random_value(random: &mut Random, depth: usize) -> Value {
    let names = ["id", "name", "_name", "text", "extension", "url", "given", "_given", "active", "status", "valueDecimal", "resource"];
    match if depth == 0 { 5 } else { random.below(if depth > 4 { 4 } else { 6 }) } {
        0 => Value::Null,
        1 => Value::Bool(true),
        2 => Value::Number("1.0".into()),
        3 => random.pick(&["a", "", "<&>", " b\n"]).into(),
        4 => Value::Array((0..random.below(3)).map(|_| random_value(random, depth + 1)).collect()),
        _ => {
            let mut object = fhir::Object::new();
            for _ in 0..random.below(3) {
                object.set(random.pick(&names), random_value(random, depth + 1));
            }
            object.into()
        }
    }
}
