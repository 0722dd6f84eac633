//! Patch: JSON Patch, XML Patch or FHIRPath Patch, each read and applied to a patient, or refused; applied again it does the same.
#![no_main]

use std::sync::LazyLock;

use fhir::{Issue, Value, json};
use libfuzzer_sys::fuzz_target;
use patch::Patch;

/// What is patched.
static PATIENT: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../src/hospital.ndjson").lines().find(|line| line.contains("\"anna\"")).expect("a patient");
    json::parse(text.as_bytes()).expect("the patient is JSON")
});

fuzz_target!(|data: &[u8]| {
    let parameters = json::parse(data).map(|value| Patch::parameters(&value));
    for read in [Patch::json(data), Patch::xml(data)].into_iter().chain(parameters) {
        match read {
            Err(issues) => teach(&issues),
            Ok(patch) => {
                let patched = patch.apply(&PATIENT);
                assert_eq!(patched, patch.apply(&PATIENT), "the same patch made something else");
                match patched {
                    Err(issues) => teach(&issues),
                    Ok(value) => {
                        let text = json::to_string(&value);
                        assert_eq!(json::parse(text.as_bytes()).as_ref(), Ok(&value), "what a patch made is no JSON");
                    }
                }
            }
        }
    }
});

fn teach(issues: &[Issue]) {
    assert!(!issues.is_empty() && issues.iter().all(|issue| !issue.diagnostics.is_empty()), "a refusal does not teach: {issues:?}");
}
