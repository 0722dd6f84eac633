use fhir::Value;
use terminology::request::ValidateRequest;

use crate::{parameters, told, with};

/// Whether a code is one of a system, and its display.
fn judged(system: &str, code: &str) -> (bool, Option<String>) {
    with(Vec::new(), |engine| {
        let request = parameters(&[("url", system), ("code", code)]);
        let request = ValidateRequest::read_for_code_system(&request).expect("the request is right");
        let answer = terminology::validate_in_code_system(engine, request).unwrap_or_else(|error| panic!("{error}"));
        let display = told(&answer, "display").and_then(Value::as_str).map(str::to_owned);
        (told(&answer, "result").and_then(Value::as_bool).expect("it says"), display)
    })
}

#[test]
fn units_languages_media_types_and_uris_are_grammars() {
    let cases = [
        ("http://unitsofmeasure.org", "mg/dL", true),
        ("http://unitsofmeasure.org", "mg/dl/", false),
        ("http://unitsofmeasure.org", "%{Negative Control}", true),
        ("http://unitsofmeasure.org", "U/(10.g){feces}", true),
        ("http://unitsofmeasure.org", "m g", false),
        ("urn:ietf:bcp:47", "de-CH", true),
        ("urn:ietf:bcp:47", "zh-Hant-TW", true),
        ("urn:ietf:bcp:47", "de-ch", false),
        ("urn:ietf:bcp:47", "xx-US", false),
        ("urn:ietf:bcp:47", "en-x-klingon", true),
        ("urn:ietf:bcp:13", "text/plain; charset=utf-8", true),
        ("urn:ietf:bcp:13", "application/fhir+json", true),
        ("urn:ietf:bcp:13", "nonsense", false),
        ("urn:ietf:rfc:3986", "urn:oid:1.2.3", true),
        ("urn:ietf:rfc:3986", "no uri", false),
    ];
    for (system, code, is_code) in cases {
        assert_eq!(judged(system, code).0, is_code, "{system} {code}");
    }
    assert_eq!(judged("urn:ietf:bcp:47", "en-US").1.as_deref(), Some("English (United States)"));
}
