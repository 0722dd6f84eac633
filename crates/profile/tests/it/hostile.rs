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

/// The numbers of the issues of a resource by these profiles, the first of which counts.
fn numbers(profiles: &[Value], resource: &str) -> Vec<u16> {
    let library = Shelf::new(profiles.iter().cloned());
    let url = profiles[0].text("url").expect("an address");
    let issues = profile::validate(&json(resource), &[url], &Options::default(), &Plans::new(), &library, &Nobody);
    let mut numbers: Vec<u16> = issues.iter().map(|issue| issue.number).collect();
    numbers.dedup();
    numbers
}

#[test]
fn definitions_that_are_their_own_base() {
    let own = based_on("http://a", "http://a|1");
    assert_eq!(generate(&own, &Shelf::default()), Err(Error::Circular("http://a".into())));
}

#[test]
fn content_that_refers_to_itself() {
    // A chain of references, and one that leads to itself.
    let refers = |path: &str, to: &str| format!(r##"{{"path": "{path}", "contentReference": "#{to}"}}"##);
    let model = |elements: String| {
        json(&format!(
            r#"{{"resourceType": "StructureDefinition", "url": "http://m", "kind": "logical", "type": "m", "derivation": "specialization",
                "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Element", "differential": {{"element": [{{"path": "m"}}, {elements}]}}}}"#
        ))
    };
    let own = model(format!("{}, {}", refers("m.a", "m.a"), refers("m.b", "m.c")));
    let found = profile::logical::validate(&json(r#"{"a": {"a": {"a": {}}}, "b": {}}"#), "http://m", &Shelf::new([own]), &Nobody);
    assert!(!found.is_empty() && found.len() < 10, "{found:?}");
    let deep = format!("{}{}", r#"{"a":"#.repeat(100), "{}") + &"}".repeat(100);
    let tree = model(format!(r#"{{"path": "m.a", "min": 0, "max": "1", "type": [{{"code": "Element"}}]}}, {}"#, refers("m.a.a", "m.a")));
    let found = profile::logical::validate(&json(&deep), "http://m", &Shelf::new([tree]), &Nobody);
    assert!(found.iter().any(|issue| issue.number == profile::codes::TOO_COSTLY), "{found:?}");
}

#[test]
fn many_elements_and_many_slices() {
    let many = (0..10_000).map(|_| r#"{"path": "Patient.name.family", "mustSupport": true}"#).collect::<Vec<_>>().join(",");
    assert_eq!(numbers(&[profile_at("http://p", "Patient", &many)], r#"{"resourceType": "Patient"}"#), []);
    let slice = |index: usize| {
        format!(r#"{{"path": "Patient.contact", "sliceName": "s{index}"}}, {{"path": "Patient.contact.gender", "fixedCode": "g{index}"}}"#)
    };
    let slices = (0..1000).map(slice).collect::<Vec<_>>().join(",");
    let slicing = r#"{"path": "Patient.contact", "slicing": {"rules": "closed", "discriminator": [{"type": "value", "path": "gender"}]}},"#;
    let contacts = vec![r#"{"gender": "g"}"#; 500].join(",");
    let found = numbers(
        &[profile_at("http://p", "Patient", &format!("{slicing}{slices}"))],
        &format!(r#"{{"resourceType": "Patient", "contact": [{contacts}]}}"#),
    );
    assert!(matches!(found.as_slice(), [1019, ..] | [1006, ..] | [1033, ..]), "{found:?}");
}

#[test]
fn profiles_of_types_that_lead_in_circles() {
    // The extension that an extension nests is itself, and each asks for two more.
    let nested = |index: usize| {
        format!(
            r#"{{"path": "Extension.extension", "sliceName": "s{index}", "min": 1, "type": [{{"code": "Extension", "profile": ["http://e"]}}]}}"#
        )
    };
    let own = profile_at("http://e", "Extension", &format!("{}, {}", nested(0), nested(1)));
    let made = generate(&own, &Shelf::new([own.clone()]));
    assert!(matches!(made, Err(Error::Circular(_) | Error::TooLarge)) || made.is_ok_and(|elements| elements.len() < 50_000));
    let deep = (0..60).fold(r#"{"url": "http://e", "valueString": "x"}"#.to_owned(), |inner, _| {
        format!(r#"{{"url": "http://e", "extension": [{inner}, {inner_two}]}}"#, inner_two = r#"{"url": "http://e"}"#)
    });
    let patient = profile_at("http://p", "Patient", r#"{"path": "Patient"}"#);
    assert!(!numbers(&[patient, own], &format!(r#"{{"resourceType": "Patient", "extension": [{deep}]}}"#)).is_empty());
}

#[test]
fn patterns_that_backtrack() {
    let text = "a".repeat(20_000);
    for pattern in ["(a+)+$", "(a|a)*b", "(a*)*b", "(.*a){20}b"] {
        let slow = format!(
            r#"{{"path": "Patient", "constraint": [{{"key": "s-1", "severity": "error", "human": "slow", "expression": "name.family.matches('{pattern}!')"}}]}}"#
        );
        let found = numbers(
            &[profile_at("http://p", "Patient", &slow)],
            &format!(r#"{{"resourceType": "Patient", "name": [{{"family": "{text}"}}]}}"#),
        );
        assert!(matches!(found.as_slice(), [1017] | [1018]), "{pattern}: {found:?}");
    }
}
