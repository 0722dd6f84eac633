//! Profiles: each line but the last is a StructureDefinition, the last a resource. Snapshots are made or refused, and the resource is validated
//! by all of them, within the limits.
#![no_main]

use std::sync::LazyLock;

use fhir::library::Shelf;
use fhir::{Value, json};
use libfuzzer_sys::fuzz_target;
use profile::binding::Nobody;
use profile::{Options, Plans, snapshot, validate};

/// What is validated when the last line is no resource.
static PATIENT: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../src/hospital.ndjson").lines().find(|line| line.contains("\"anna\"")).expect("a patient");
    json::parse(text.as_bytes()).expect("the patient is JSON")
});

/// What a differential begins with when the input leaves it out.
const DEFAULTS: [(&str, &str); 5] = [
    ("resourceType", "StructureDefinition"),
    ("url", "http://example.org/p"),
    ("type", "Patient"),
    ("derivation", "constraint"),
    ("baseDefinition", "http://hl7.org/fhir/StructureDefinition/Patient"),
];

fuzz_target!(|data: &[u8]| {
    let mut values: Vec<Value> = data.split(|byte| *byte == b'\n').take(6).filter_map(|line| json::parse(line).ok()).collect();
    let Some(last) = values.pop() else { return };
    let resource = if last.resource_type().is_some() { last } else { PATIENT.clone() };
    let profiles: Vec<Value> = values.into_iter().map(completed).collect();
    let urls: Vec<String> = profiles.iter().filter_map(|profile| profile.text("url")).map(str::to_owned).collect();
    let library = Shelf::new(profiles.iter().cloned());
    for profile in &profiles {
        match snapshot::with_snapshot(profile, &library) {
            Ok(whole) => assert!(whole.get("snapshot").is_some()),
            Err(error) => assert!((1000..1100).contains(&error.issue().number) && !error.to_string().is_empty()),
        }
    }
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let plans = Plans::new();
    let first = validate(&resource, &urls, &Options::default(), &plans, &library, &Nobody);
    let again = validate(&resource, &urls, &Options::default(), &plans, &library, &Nobody);
    assert_eq!(first, again, "the same validation found something else");
    assert!(first.iter().all(|issue| (1000..1100).contains(&issue.number) && !issue.diagnostics.is_empty()));
});

fn completed(value: Value) -> Value {
    let Value::Object(mut profile) = value else { return value };
    for (name, text) in DEFAULTS {
        if profile.get(name).is_none() {
            profile.push(name, text);
        }
    }
    profile.into()
}
