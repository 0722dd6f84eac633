//! `ward terminology`, and what a server does with the code systems that are loaded.

mod backed_up;
mod commands;
mod damaged;
mod judged;
mod published;
mod served;
#[path = "../../../concepts/tests/it/loaders/snomed_edition.rs"]
mod snomed_edition;

use std::path::Path;

use fhir::Value;

use crate::process::{Server, run, run_well};

const COLOURS: &str = "http://example.org/colours";

/// Writes a file of a source.
fn put(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
    std::fs::write(path, text).expect("written");
}

/// Writes a code system of colours as a CodeSystem resource, and gives its path.
fn colours(folder: &Path, version: &str, codes: &[&str]) -> String {
    let concepts = codes.iter().map(|code| format!(r#"{{"code":"{code}","display":"Colour {code}"}}"#)).collect::<Vec<_>>().join(",");
    let name = format!("colours-{version}.json");
    let text = format!(
        r#"{{"resourceType":"CodeSystem","url":"{COLOURS}","version":"{version}","name":"Colours","title":"Colours of things","status":"active",
        "content":"complete","caseSensitive":true,"valueSet":"http://example.org/all-colours","concept":[{concepts}]}}"#
    );
    put(folder, &name, &text);
    folder.join(name).to_string_lossy().into_owned()
}

/// What a command answers with `--json`: a list.
fn answered(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let text = run_well(folder, &[arguments, &["--json"]].concat());
    fhir::json::parse(text.as_bytes()).expect("JSON").each().cloned().collect()
}

/// Runs a command that must end with this exit code, and say this on standard error.
fn fails(folder: &Path, arguments: &[&str], code: i32, says: &str) {
    let output = run(folder, arguments);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
    assert!(told.contains(says), "{arguments:?}: {told}");
}

/// The value of a parameter of an answer.
fn parameter<'a>(answer: &'a Value, name: &str) -> Option<&'a Value> {
    let found = answer.list("parameter").find(|parameter| parameter.text("name") == Some(name))?;
    found.as_object()?.iter().find(|(member, _)| member.starts_with("value")).map(|(_, value)| value)
}

/// The codes of an expansion.
fn expanded(server: &Server, query: &str) -> Vec<String> {
    let answer = server.get(&format!("/fhir/ValueSet/$expand?{query}&excludeNested=true"));
    assert_eq!(answer.status, 200, "{query}: {}", String::from_utf8_lossy(&answer.body));
    let answer = answer.json();
    let expansion = answer.get("expansion").expect("an expansion");
    let mut codes: Vec<String> = expansion.list("contains").filter_map(|entry| entry.text("code").map(str::to_owned)).collect();
    codes.sort();
    codes
}

/// Waits until a server that runs has seen what was changed in its folder.
fn eventually(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..600 {
        if is_so() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("after a minute it is not so: {what}");
}
