//! JSON Patch, beyond the suite.

use fhir::{Value, json};
use patch::Patch;
use patch::json_patch::JsonPatch;

fn value(text: &str) -> Value {
    json::parse(text.as_bytes()).expect("JSON")
}

/// The document after the patch, or the numbers of the issues.
fn apply(document: &str, patch: &str) -> Result<String, Vec<u16>> {
    let mut document = value(document);
    let patch = JsonPatch::parse(patch.as_bytes()).map_err(|issues| issues.iter().map(|issue| issue.number).collect::<Vec<_>>())?;
    patch.apply(&mut document).map_err(|issue| vec![issue.number])?;
    Ok(json::to_string(&document))
}

#[test]
fn does_each_operation() {
    for (document, patch, expected) in [
        (r#"{"a":1}"#, r#"[]"#, r#"{"a":1}"#),
        (r#"{"a":1}"#, r#"[{"op":"add","path":"/a","value":null}]"#, r#"{"a":null}"#),
        (r#"{"a":[1]}"#, r#"[{"op":"add","path":"/a/-","value":2},{"op":"add","path":"/a/0","value":0}]"#, r#"{"a":[0,1,2]}"#),
        (r#"{"a":1}"#, r#"[{"op":"add","path":"","value":{"b":2}}]"#, r#"{"b":2}"#),
        (r#"{"a":1}"#, r#"[{"op":"replace","path":"","value":[3]}]"#, "[3]"),
        (r#"{"":{"":1}}"#, r#"[{"op":"replace","path":"//","value":2}]"#, r#"{"":{"":2}}"#),
        (r#"{"a":{"b":1}}"#, r#"[{"op":"copy","from":"/a","path":"/c"},{"op":"remove","path":"/a/b"}]"#, r#"{"a":{},"c":{"b":1}}"#),
        (r#"{"a":{"b":1}}"#, r#"[{"op":"copy","from":"","path":"/c"}]"#, r#"{"a":{"b":1},"c":{"a":{"b":1}}}"#),
        (r#"{"a":[1,2,3]}"#, r#"[{"op":"move","from":"/a/0","path":"/a/2"}]"#, r#"{"a":[2,3,1]}"#),
        (r#"{"a":[1,2,3]}"#, r#"[{"op":"move","from":"/a/2","path":"/a/-"}]"#, r#"{"a":[1,2,3]}"#),
        (r#"{"a":{"b":1}}"#, r#"[{"op":"move","from":"/a","path":"/a"}]"#, r#"{"a":{"b":1}}"#),
        (r#"{"a":{"b":1}}"#, r#"[{"op":"move","from":"/a/b","path":"/a"}]"#, r#"{"a":1}"#),
        (r#"{"m~n":1,"a/b":2}"#, r#"[{"op":"remove","path":"/m~0n"},{"op":"remove","path":"/a~1b"}]"#, "{}"),
    ] {
        assert_eq!(apply(document, patch).as_deref(), Ok(expected), "{patch}");
    }
}

#[test]
fn compares_by_worth_and_not_by_spelling() {
    let document = r#"{"a":{"x":1.50,"y":[1,"1",null,true]},"n":1e400}"#;
    for (path, value, holds) in [
        ("/a", r#"{"y":[1.0,"1",null,true],"x":1.5}"#, true),
        ("/a/x", "1.500", true),
        ("/a/x", "15e-1", true),
        ("/a/x", "1.51", false),
        ("/a/x", r#""1.50""#, false),
        ("/a/y", r#"["1",1,null,true]"#, false),
        ("/a/y", r#"[1,"1",null]"#, false),
        ("/a", r#"{"x":1.5,"y":[1,"1",null,true],"z":0}"#, false),
        ("/a", r#"{"x":1.5,"z":[1,"1",null,true]}"#, false),
        ("/n", "1e400", true),
        ("/n", "1e401", false),
    ] {
        let tested = apply(document, &format!(r#"[{{"op":"test","path":"{path}","value":{value}}}]"#));
        assert_eq!(tested.err(), if holds { None } else { Some(vec![907]) }, "{path} {value}");
    }
}

#[test]
fn refuses_what_cannot_be_done() {
    let document = r#"{"a":[1,2],"s":"text","o":{"b":{}}}"#;
    for (patch, number) in [
        (r#"[{"op":"remove","path":"/none"}]"#, 905),
        (r#"[{"op":"replace","path":"/none","value":1}]"#, 905),
        (r#"[{"op":"test","path":"/none","value":1}]"#, 905),
        (r#"[{"op":"add","path":"/none/x","value":1}]"#, 905),
        (r#"[{"op":"add","path":"/s/x","value":1}]"#, 905),
        (r#"[{"op":"copy","from":"/none","path":"/x"}]"#, 905),
        (r#"[{"op":"move","from":"/none","path":"/none"}]"#, 905),
        (r#"[{"op":"add","path":"/a/3","value":1}]"#, 908),
        (r#"[{"op":"add","path":"/a/01","value":1}]"#, 908),
        (r#"[{"op":"add","path":"/a/+1","value":1}]"#, 908),
        (r#"[{"op":"add","path":"/a/x","value":1}]"#, 908),
        (r#"[{"op":"add","path":"/a/99999999999999999999999","value":1}]"#, 908),
        (r#"[{"op":"remove","path":"/a/2"}]"#, 908),
        (r#"[{"op":"remove","path":"/a/-"}]"#, 908),
        (r#"[{"op":"replace","path":"/a/-","value":1}]"#, 908),
        (r#"[{"op":"move","from":"/o","path":"/o/b/c"}]"#, 912),
        (r#"[{"op":"move","from":"","path":"/o"}]"#, 912),
        (r#"[{"op":"remove","path":""}]"#, 912),
    ] {
        assert_eq!(apply(document, patch), Err(vec![number]), "{patch}");
    }
}

#[test]
fn reports_all_malformed_operations() {
    let patch = r#"[1,{"op":"merge","path":"/a"},{"op":"add","path":"/a"},{"op":"copy","path":"/a"},{"op":"remove"},
        {"op":"remove","path":"a"},{"op":"remove","path":"/~2"},{"op":"remove","path":"/~"},{"op":"remove","path":"/a"}]"#;
    assert_eq!(apply("{}", patch), Err(vec![902, 901, 902, 902, 902, 903, 903, 903]));
    assert_eq!(apply("{}", "{}"), Err(vec![900]));
    assert_eq!(apply("{}", "["), Err(vec![900]));
}

#[test]
fn names_the_operation_and_its_path() {
    let patch = JsonPatch::parse(br#"[{"op":"test","path":"/a","value":1},{"op":"remove","path":"/b/0"}]"#).expect("a patch");
    let issue = patch.apply(&mut value(r#"{"a":1}"#)).expect_err("nothing is there");
    assert!(issue.diagnostics.starts_with("operation[1] (remove /b/0): nothing is there"), "{}", issue.diagnostics);
}

#[test]
fn bounds_what_it_takes() {
    let operations = vec![r#"{"op":"test","path":"","value":{}}"#; 1001].join(",");
    assert_eq!(apply("{}", &format!("[{operations}]")), Err(vec![904]));
    assert_eq!(apply("{}", &format!(r#"[{{"op":"remove","path":"/{}"}}]"#, "a".repeat(5000))), Err(vec![904]));
    // Each doubles the document.
    let doubling: Vec<_> = (0..100).map(|step| format!(r#"{{"op":"copy","from":"/a","path":"/a/{step}"}}"#)).collect();
    assert_eq!(apply(r#"{"a":{"text":"0123456789"}}"#, &format!("[{}]", doubling.join(","))), Err(vec![904]));
    // Each goes one level deeper.
    let deeper = vec![r#"{"op":"copy","from":"","path":"/a"}"#; 200].join(",");
    assert_eq!(apply(r#"{"a":1}"#, &format!("[{deeper}]")), Err(vec![904]));
}

#[test]
fn leaves_the_resource_as_it_was_when_one_operation_fails() {
    let resource = value(r#"{"resourceType":"Patient","id":"p","active":true}"#);
    let patch = Patch::json(br#"[{"op":"remove","path":"/active"},{"op":"remove","path":"/name"}]"#).expect("a patch");
    let before = resource.clone();
    assert!(patch.apply(&resource).is_err());
    assert_eq!(resource, before);
}

#[test]
fn takes_out_what_is_left_empty() {
    let resource =
        r#"{"resourceType":"Patient","name":[{"given":["A"],"_given":[{"id":"x"}]}],"contact":[{"gender":"male"},{"gender":"female"}]}"#;
    for (patch, expected) in [
        (r#"[{"op":"remove","path":"/contact/0/gender"}]"#, r#"[{"gender":"female"}]"#),
        (r#"[{"op":"remove","path":"/contact/0"},{"op":"remove","path":"/contact/0"}]"#, "none"),
        (r#"[{"op":"add","path":"/contact","value":[]}]"#, "none"),
    ] {
        let patched = Patch::json(patch.as_bytes()).expect("a patch").apply(&value(resource)).expect("it is done");
        assert_eq!(patched.get("contact").map_or("none".to_owned(), json::to_string), expected, "{patch}");
    }
    let patch = Patch::json(br#"[{"op":"remove","path":"/name/0/_given/0/id"}]"#).expect("a patch");
    let patched = patch.apply(&value(resource)).expect("it is done");
    assert_eq!(patched.list("name").next().map(json::to_string).as_deref(), Some(r#"{"given":["A"]}"#));
}
