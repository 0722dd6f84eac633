//! Slices, by each kind of discriminator.

use super::{errors, profile, profile_at};

/// Identifiers sliced by their system: `a` once, `b` at most once.
fn by_system(slicing: &str) -> fhir::Value {
    profile(
        "Patient",
        &format!(
            r#"{{"id": "Patient.identifier", "path": "Patient.identifier", "slicing": {{"discriminator": [{{"type": "value", "path": "system"}}], {slicing}}}}},
            {{"id": "Patient.identifier:a", "path": "Patient.identifier", "sliceName": "a", "min": 1, "max": "1"}},
            {{"id": "Patient.identifier:a.system", "path": "Patient.identifier.system", "fixedUri": "urn:a"}},
            {{"id": "Patient.identifier:a.value", "path": "Patient.identifier.value", "min": 1}},
            {{"id": "Patient.identifier:b", "path": "Patient.identifier", "sliceName": "b", "max": "1"}},
            {{"id": "Patient.identifier:b.system", "path": "Patient.identifier.system", "patternUri": "urn:b"}}"#
        ),
    )
}

fn patient(systems: &[&str]) -> String {
    let identifiers: Vec<String> = systems.iter().map(|system| format!(r#"{{"system": "urn:{system}", "value": "1"}}"#)).collect();
    format!(r#"{{"resourceType": "Patient", "identifier": [{}]}}"#, identifiers.join(","))
}

#[test]
fn each_item_is_judged_by_its_slice() {
    let open = [by_system(r#""rules": "open""#)];
    assert_eq!(errors(&open, &patient(&["b", "c", "a"])), [""; 0]);
    assert_eq!(errors(&open, &patient(&["b"])), ["1010 Patient.identifier"]);
    assert_eq!(errors(&open, r#"{"resourceType": "Patient"}"#), ["1010 Patient.identifier"]);
    assert_eq!(errors(&open, &patient(&["a", "a"])), ["1011 Patient.identifier"]);
    let without_value = r#"{"resourceType": "Patient", "identifier": [{"system": "urn:c"}, {"system": "urn:a"}]}"#;
    assert_eq!(errors(&open, without_value), ["1010 Patient.identifier[1].value"]);
}

#[test]
fn closed_slicings_have_no_other_items() {
    let closed = [by_system(r#""rules": "closed""#)];
    assert_eq!(errors(&closed, &patient(&["b", "a"])), [""; 0]);
    assert_eq!(errors(&closed, &patient(&["a", "c"])), ["1019 Patient.identifier[1]"]);
}

#[test]
fn others_come_at_the_end_and_slices_in_their_order() {
    let at_end = [by_system(r#""rules": "openAtEnd", "ordered": true"#)];
    assert_eq!(errors(&at_end, &patient(&["a", "b", "c"])), [""; 0]);
    assert_eq!(errors(&at_end, &patient(&["a", "c", "b"])), ["1021 Patient.identifier[2]"]);
    assert_eq!(errors(&at_end, &patient(&["b", "a"])), ["1021 Patient.identifier[1]"]);
}

#[test]
fn a_slice_of_a_slice() {
    let profile = profile(
        "Patient",
        r#"{"id": "Patient.telecom", "path": "Patient.telecom", "slicing": {"discriminator": [{"type": "value", "path": "system"}], "rules": "open"}},
        {"id": "Patient.telecom:phone", "path": "Patient.telecom", "sliceName": "phone",
            "slicing": {"discriminator": [{"type": "value", "path": "use"}], "rules": "open"}},
        {"id": "Patient.telecom:phone.system", "path": "Patient.telecom.system", "fixedCode": "phone"},
        {"id": "Patient.telecom:phone/home", "path": "Patient.telecom", "sliceName": "phone/home", "max": "1"},
        {"id": "Patient.telecom:phone/home.use", "path": "Patient.telecom.use", "fixedCode": "home"}"#,
    );
    let contact = |points: &[(&str, &str)]| {
        let points: Vec<String> = points.iter().map(|(system, usage)| format!(r#"{{"system": "{system}", "use": "{usage}"}}"#)).collect();
        format!(r#"{{"resourceType": "Patient", "telecom": [{}]}}"#, points.join(","))
    };
    let profile = [profile];
    assert_eq!(errors(&profile, &contact(&[("phone", "home"), ("email", "home"), ("phone", "work"), ("phone", "work")])), [""; 0]);
    assert_eq!(errors(&profile, &contact(&[("phone", "home"), ("phone", "home")])), ["1011 Patient.telecom"]);
}

#[test]
fn choices_by_their_type() {
    let profile = [profile(
        "Observation",
        r#"{"id": "Observation.value[x]", "path": "Observation.value[x]", "slicing": {"discriminator": [{"type": "type", "path": "$this"}], "rules": "closed"}},
        {"id": "Observation.value[x]:valueQuantity", "path": "Observation.value[x]", "sliceName": "valueQuantity", "type": [{"code": "Quantity"}]},
        {"id": "Observation.value[x]:valueQuantity.unit", "path": "Observation.value[x].unit", "min": 1},
        {"id": "Observation.value[x]:valueString", "path": "Observation.value[x]", "sliceName": "valueString", "type": [{"code": "string"}], "maxLength": 2}"#,
    )];
    let observation = |value: &str| format!(r#"{{"resourceType": "Observation", {value}}}"#);
    assert_eq!(errors(&profile, &observation(r#""valueQuantity": {"value": 1, "unit": "g"}"#)), [""; 0]);
    assert_eq!(errors(&profile, &observation(r#""valueQuantity": {"value": 1}"#)), ["1010 Observation.value.unit"]);
    assert_eq!(errors(&profile, &observation(r#""valueString": "abc""#)), ["1015 Observation.value"]);
    assert_eq!(errors(&profile, &observation(r#""valueBoolean": true"#)).len(), 1);
}

#[test]
fn by_existence_and_by_pattern() {
    let profile = [profile(
        "Patient",
        r#"{"id": "Patient.name", "path": "Patient.name", "slicing": {"discriminator": [{"type": "exists", "path": "period"}], "rules": "open"}},
        {"id": "Patient.name:old", "path": "Patient.name", "sliceName": "old", "max": "1"},
        {"id": "Patient.name:old.period", "path": "Patient.name.period", "min": 1},
        {"id": "Patient.name:now", "path": "Patient.name", "sliceName": "now", "min": 1},
        {"id": "Patient.name:now.period", "path": "Patient.name.period", "max": "0"},
        {"id": "Patient.maritalStatus", "path": "Patient.maritalStatus", "patternCodeableConcept": {"coding": [{"code": "M"}]}}"#,
    )];
    let old = r#"{"family": "x", "period": {"start": "2000"}}"#;
    let patient = |names: &str| format!(r#"{{"resourceType": "Patient", "name": [{names}]}}"#);
    assert_eq!(errors(&profile, &patient(&format!(r#"{old}, {{"family": "y"}}"#))), [""; 0]);
    assert_eq!(errors(&profile, &patient(&format!("{old}, {old}"))), ["1011 Patient.name", "1010 Patient.name"]);
}

#[test]
fn entries_by_their_resource_and_its_profile() {
    let bundle = profile(
        "Bundle",
        r#"{"id": "Bundle.entry", "path": "Bundle.entry", "slicing": {"discriminator": [{"type": "profile", "path": "resource"}], "rules": "open"}},
        {"id": "Bundle.entry:adult", "path": "Bundle.entry", "sliceName": "adult", "min": 1, "max": "1"},
        {"id": "Bundle.entry:adult.resource", "path": "Bundle.entry.resource", "type": [{"code": "Patient", "profile": ["http://example.org/adult"]}]}"#,
    );
    let adult =
        profile_at("http://example.org/adult", "Patient", r#"{"id": "Patient.maritalStatus", "path": "Patient.maritalStatus", "min": 1}"#);
    let definitions = [bundle, adult];
    let entries = |married: &[bool]| {
        let patient = |married: &bool| {
            if *married {
                r#"{"resource": {"resourceType": "Patient", "maritalStatus": {"text": "m"}}}"#
            } else {
                r#"{"resource": {"resourceType": "Patient"}}"#
            }
        };
        format!(r#"{{"resourceType": "Bundle", "entry": [{}]}}"#, married.iter().map(patient).collect::<Vec<_>>().join(","))
    };
    assert_eq!(errors(&definitions, &entries(&[false, true])), [""; 0]);
    assert_eq!(errors(&definitions, &entries(&[false])), ["1010 Bundle.entry"]);
    assert_eq!(errors(&definitions, &entries(&[true, true])), ["1011 Bundle.entry"]);
}
