//! From a resource to what the store takes.

use fhir::definitions::ResourceType;
use fhir::{Value, json};
use interaction::Error;
use interaction::prepare::{Prepared, Rules, prepare};
use search::Registry;
use store::commit::Key;

const BASE: &str = "http://ward.test/fhir";

fn key(kind: &str, id: &str) -> Key {
    Key::new(ResourceType::parse(kind).expect("a type"), id)
}

fn read(text: &str) -> Value {
    json::parse(text.as_bytes()).expect("JSON")
}

fn prepared(text: &str, key: Key) -> Prepared {
    prepare(&Rules::of_structure(Registry::standard()), BASE, &read(text), key).expect("a sound resource")
}

#[test]
fn puts_type_id_and_meta_first_and_drops_the_stamp() {
    let text = r#"{"active":true,"_id":{"extension":[{"url":"http://x","valueBoolean":true}]},"meta":{"lastUpdated":"2001-01-01T00:00:00Z","profile":["http://p"],"versionId":"9","_versionId":{"id":"a"}},"id":"theirs","resourceType":"Patient"}"#;
    let body = prepared(text, key("Patient", "ours")).put.body;
    assert_eq!(
        std::str::from_utf8(&body.text),
        Ok(
            r#"{"resourceType":"Patient","id":"ours","meta":{"profile":["http://p"]},"active":true,"_id":{"extension":[{"url":"http://x","valueBoolean":true}]}}"#
        )
    );
    let stamped = String::from_utf8(body.stamped(2, 0)).expect("UTF-8");
    assert!(stamped.starts_with(
        r#"{"resourceType":"Patient","id":"ours","meta":{"versionId":"2","lastUpdated":"1970-01-01T00:00:00.000Z","profile":["http://p"]}"#
    ));
}

#[test]
fn stamps_a_resource_without_meta() {
    let body = prepared(r#"{"resourceType":"Patient"}"#, key("Patient", "p")).put.body;
    let stamped = body.stamped(1, 0);
    assert_eq!(
        std::str::from_utf8(&stamped),
        Ok(r#"{"resourceType":"Patient","id":"p","meta":{"versionId":"1","lastUpdated":"1970-01-01T00:00:00.000Z"}}"#)
    );
    assert!(json::parse(&stamped).is_ok());
}

#[test]
fn keeps_numbers_and_texts_as_they_are() {
    let text = r#"{"resourceType":"Observation","id":"o","meta":{},"status":"final","code":{"text":"a \"b\" ü \u2028 / \\"},"valueQuantity":{"value":1.500}}"#;
    let body = prepared(&text.replace(r#""meta":{},"#, ""), key("Observation", "o")).put.body;
    assert_eq!(json::parse(&body.text), json::parse(text.as_bytes()));
    assert!(std::str::from_utf8(&body.text).is_ok_and(|text| text.contains("1.500")));
}

#[test]
fn finds_the_local_targets_once() {
    let text = r##"{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/1"},
        "focus":[{"reference":"Patient/1/_history/3"},{"reference":"http://ward.test/fhir/Group/2"},{"reference":"http://other/fhir/Group/3"},
        {"reference":"urn:uuid:00000000-0000-4000-8000-000000000001"},{"reference":"#c"},{"identifier":{"value":"1"}},{"reference":"Observation/self"}],
        "contained":[{"resourceType":"Patient","id":"c","managingOrganization":{"reference":"Organization/4"}}]}"##;
    let targets = prepared(text, key("Observation", "self")).targets;
    assert_eq!(targets, [key("Group", "2"), key("Organization", "4"), key("Patient", "1")]);
}

#[test]
fn leaves_the_references_within_a_document_alone() {
    let text = r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://x/Flag/1","resource":{"resourceType":"Flag","status":"active","code":{"text":"x"},"subject":{"reference":"Patient/1"}}}]}"#;
    assert_eq!(prepared(text, key("Bundle", "b")).targets, []);
}

#[test]
fn extracts_what_searches_find() {
    let prepared = prepared(
        r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"effectiveDateTime":"1970-01-02"}"#,
        key("Observation", "o"),
    );
    assert!(!prepared.put.entries.is_empty());
    assert_eq!(prepared.put.date, 86_400_000);
}

#[test]
fn refuses_what_is_no_such_resource() {
    for (text, refused) in [
        (r#"{"resourceType":"Patient"}"#, "type"),
        (r#"[]"#, "type"),
        (r#"{}"#, "type"),
        (r#"{"resourceType":"Observation"}"#, "invalid"),
        (
            r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient?name=x"}}"#,
            "unprocessable",
        ),
    ] {
        let error = prepare(&Rules::of_structure(Registry::standard()), BASE, &read(text), key("Observation", "o")).expect_err(text);
        let found = match error {
            Error::TypeMismatch { .. } => "type",
            Error::Invalid(_) => "invalid",
            Error::Unprocessable(_) => "unprocessable",
            _ => "other",
        };
        assert_eq!(found, refused, "{text}");
    }
}
