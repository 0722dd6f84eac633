//! JSON Merge Patch: the cases of RFC 7396, appendix A, whose documents and patches are objects, and what is FHIR's.

use fhir::json;
use patch::Patch;
use patch::merge_patch::MergePatch;

fn apply(document: &str, patch: &str) -> String {
    let mut document = json::parse(document.as_bytes()).expect("JSON");
    MergePatch::parse(patch.as_bytes()).expect("a patch").apply(&mut document).expect("within the limits");
    json::to_string(&document)
}

#[test]
fn does_what_the_rfc_says() {
    for (document, patch, expected) in [
        (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
        (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
        (r#"{"a":"b"}"#, r#"{"a":null}"#, "{}"),
        (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
        (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
        (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
        (r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#),
        (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
        (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#),
        ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
        (r#"["a"]"#, r#"{"a":1}"#, r#"{"a":1}"#),
    ] {
        assert_eq!(apply(document, patch), expected, "{patch} on {document}");
    }
}

#[test]
fn a_patch_that_is_no_object_would_replace_the_whole_and_is_refused() {
    for text in ["[]", "1", "null", r#""Patient""#, "{", ""] {
        let issues = MergePatch::parse(text.as_bytes()).expect_err(text);
        assert_eq!(issues[0].number, patch::codes::MALFORMED, "{text}");
    }
}

#[test]
fn what_is_left_empty_is_no_element() {
    let patient = json::parse(br#"{"resourceType":"Patient","name":[{"family":"A"}],"maritalStatus":{"text":"x"}}"#).expect("JSON");
    let patched =
        Patch::merge(br#"{"maritalStatus":{"text":null},"active":true}"#).and_then(|patch| patch.apply(&patient)).expect("applied");
    assert_eq!(json::to_string(&patched), r#"{"resourceType":"Patient","name":[{"family":"A"}],"active":true}"#);
}
