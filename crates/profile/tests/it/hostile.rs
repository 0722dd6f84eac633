//! Hostile profiles and resources end in a clear error.

use fhir::Value;
use fhir::library::Shelf;
use profile::binding::Nobody;
use profile::snapshot::{Error, generate};
use profile::{Options, Plans};

use crate::walk::{json, profile_at};

fn based_on(url: &str, base: &str) -> Value {
    let mut profile = profile_at(url, "Patient", r#"{"path": "Patient"}"#);
    profile.as_object_mut().expect("an object").set("baseDefinition", base);
    profile
}

#[test]
fn circles_of_bases() {
    let circle = [based_on("http://a", "http://b"), based_on("http://b", "http://a")];
    let library = Shelf::new(circle.iter().cloned());
    assert_eq!(generate(&circle[0], &library), Err(Error::Circular("http://a".into())));
    let patient = json(r#"{"resourceType": "Patient", "meta": {"profile": ["http://a"]}}"#);
    let issues = profile::validate(&patient, &[], &Options::default(), &Plans::new(), &library, &Nobody);
    assert_eq!(issues.iter().map(|issue| issue.number).collect::<Vec<_>>(), [1006]);
    assert!(issues[0].diagnostics.contains("circle"), "{}", issues[0]);
}

#[test]
fn long_chains_of_bases() {
    let name = |index: usize| format!("http://example.org/{index}");
    let chain = Shelf::new((0..100).map(|index| based_on(&name(index), &name(index + 1))));
    assert_eq!(generate(&based_on("http://example.org/x", &name(0)), &chain), Err(Error::TooLarge));
}

#[test]
fn extensions_in_extensions_in_extensions() {
    // Each extension has two slices whose type is the next one, and the differential walks into all of them.
    let path = (1..40).map(|_| ".extension").collect::<String>();
    let elements = format!(r#"{{"path": "Patient{path}", "min": 1}}"#);
    let deep = profile_at("http://example.org/deep", "Patient", &elements);
    assert!(generate(&deep, &Shelf::default()).is_ok_and(|elements| elements.len() > 40));
    let wide = (0..6000).map(|index| format!(r#"{{"path": "Patient.contact", "sliceName": "s{index}"}}"#)).collect::<Vec<_>>().join(",");
    let slicing = r#"{"path": "Patient.contact", "slicing": {"rules": "open"}},"#;
    let wide = profile_at("http://example.org/wide", "Patient", &format!("{slicing}{wide}"));
    assert_eq!(generate(&wide, &Shelf::default()), Err(Error::TooLarge));
}

#[test]
fn expressions_without_end() {
    let slow = r#"{"path": "Patient", "constraint": [{"key": "s-1", "severity": "error", "human": "slow",
        "expression": "(1 | 2 | 3 | 4).repeatAll($this + 1).count() > 0"}]}"#;
    let library = Shelf::new([profile_at("http://example.org/slow", "Patient", slow)]);
    let patient = json(r#"{"resourceType": "Patient"}"#);
    let issues = profile::validate(&patient, &["http://example.org/slow"], &Options::default(), &Plans::new(), &library, &Nobody);
    assert_eq!(issues.iter().map(|issue| issue.number).collect::<Vec<_>>(), [1018]);
}

#[test]
fn profiles_that_ask_for_each_other() {
    // Whether the patient fits depends on whether the organization fits, which depends on the patient.
    let to =
        |path: &str, target: &str| format!(r#"{{"path": "{path}", "type": [{{"code": "Reference", "targetProfile": ["{target}"]}}]}}"#);
    let library = Shelf::new([
        profile_at("http://a", "Patient", &to("Patient.link.other", "http://b")),
        profile_at("http://b", "Patient", &to("Patient.link.other", "http://a")),
    ]);
    let link = |other: &str| format!(r#""link": [{{"other": {{"reference": "{other}"}}}}]"#);
    let patient =
        format!(r#"{{"resourceType": "Patient", "contained": [{{"resourceType": "Patient", "id": "x", {}}}], {}}}"#, link("#"), link("#x"));
    let issues = profile::validate(&json(&patient), &["http://a"], &Options::default(), &Plans::new(), &library, &Nobody);
    assert_eq!(issues, []);
}
