//! What references point to.

use super::{errors, profile, profile_at};

fn definitions(rest: &str) -> [fhir::Value; 2] {
    let targets = r#""targetProfile": ["http://example.org/adult", "http://hl7.org/fhir/StructureDefinition/Group"]"#;
    [
        profile("Observation", &format!(r#"{{"path": "Observation.subject", "type": [{{"code": "Reference", {targets}{rest}}}]}}"#)),
        profile_at("http://example.org/adult", "Patient", r#"{"path": "Patient.maritalStatus", "min": 1}"#),
    ]
}

fn observation(reference: &str, contained: &str) -> String {
    format!(r#"{{"resourceType": "Observation", "contained": [{contained}], "subject": {{"reference": "{reference}"}}}}"#)
}

#[test]
fn types_and_profiles_of_targets() {
    let adult = r#"{"resourceType": "Patient", "id": "p", "maritalStatus": {"text": "m"}}"#;
    let definitions = definitions("");
    assert_eq!(errors(&definitions, &observation("Patient/1", adult)), [""; 0]);
    assert_eq!(errors(&definitions, &observation("http://example.org/fhir/Group/1", adult)), [""; 0]);
    assert_eq!(errors(&definitions, &observation("Device/1", adult)), ["1025 Observation.subject"]);
    assert_eq!(errors(&definitions, &observation("#p", adult)), [""; 0]);
    assert_eq!(errors(&definitions, &observation("#p", r#"{"resourceType": "Patient", "id": "p"}"#)), ["1026 Observation.subject"]);
}

#[test]
fn in_a_bundle() {
    let definitions = definitions("");
    let bundle = |patient: &str| {
        let observation = r#"{"resourceType": "Observation", "meta": {"profile": ["http://example.org/profile"]}, "subject": {"reference": "urn:uuid:1"}}"#;
        format!(
            r#"{{"resourceType": "Bundle", "entry": [{{"fullUrl": "urn:uuid:2", "resource": {observation}}}, {{"fullUrl": "urn:uuid:1", "resource": {patient}}}]}}"#
        )
    };
    let by_claim = |text: &str| -> Vec<String> {
        let library = fhir::library::Shelf::new(definitions.iter().cloned());
        let issues = profile::validate(
            &super::json(text),
            &[],
            &profile::Options::default(),
            &profile::Plans::new(),
            &library,
            &profile::binding::Nobody,
        );
        issues
            .iter()
            .filter(|issue| issue.severity >= fhir::Severity::Error)
            .map(|issue| format!("{} {}", issue.number, issue.expression))
            .collect()
    };
    assert_eq!(by_claim(&bundle(r#"{"resourceType": "Patient", "maritalStatus": {"text": "m"}}"#)), [""; 0]);
    assert_eq!(by_claim(&bundle(r#"{"resourceType": "Patient"}"#)), ["1026 Bundle.entry[0].resource.subject"]);
    // An Observation may be about no Practitioner, whatever a profile says.
    let wrong = by_claim(&bundle(r#"{"resourceType": "Practitioner"}"#));
    assert_eq!(wrong.len(), 2, "{wrong:?}");
}

#[test]
fn kinds_of_references_and_versions() {
    let contained = definitions(r#", "aggregation": ["contained"]"#);
    let adult = r#"{"resourceType": "Patient", "id": "p", "maritalStatus": {"text": "m"}}"#;
    assert_eq!(errors(&contained, &observation("#p", adult)), [""; 0]);
    assert_eq!(errors(&contained, &observation("Patient/1", adult)), ["1027 Observation.subject"]);
    let specific = definitions(r#", "versioning": "specific""#);
    assert_eq!(errors(&specific, &observation("Patient/1/_history/2", adult)), [""; 0]);
    assert_eq!(errors(&specific, &observation("Patient/1", adult)), ["1028 Observation.subject"]);
}
