//! The one patient to whom a version belongs.

use std::sync::Arc;

use fhir::definitions::ResourceType;
use fhir::json;
use search::Registry;
use search::owners::PatientOwners;
use store::commit::Key;
use store::owners::Owners;

/// Whose this resource is, by the entries that it is indexed with.
fn owner(text: &str) -> Option<String> {
    let resource = json::parse(text.as_bytes()).expect("JSON");
    let kind = ResourceType::parse(resource.resource_type().expect("a type")).expect("a type of R4");
    let registry: Arc<Registry> = Registry::standard();
    let entries = registry.extract(kind, &resource).entries;
    let key = Key::new(kind, resource.text("id").unwrap_or("x"));
    PatientOwners::new().expect("patients").owner(&key, &entries).map(|key| key.to_string())
}

#[test]
fn it_is_the_patient_of_the_compartment() {
    let patient = |text: &str| owner(text);
    assert_eq!(patient(r#"{"resourceType":"Patient","id":"p"}"#).as_deref(), Some("Patient/p"));
    assert_eq!(
        patient(r#"{"resourceType":"Patient","id":"p","link":[{"other":{"reference":"Patient/q"},"type":"seealso"}]}"#).as_deref(),
        Some("Patient/p")
    );
    assert_eq!(patient(r#"{"resourceType":"Observation","subject":{"reference":"Patient/p"}}"#).as_deref(), Some("Patient/p"));
    assert_eq!(
        patient(r#"{"resourceType":"Observation","subject":{"reference":"Patient/p"},"performer":[{"reference":"Patient/p"},{"reference":"Practitioner/d"}]}"#).as_deref(),
        Some("Patient/p"),
        "twice the same is one"
    );
    assert_eq!(patient(r#"{"resourceType":"Coverage","beneficiary":{"reference":"Patient/p"}}"#).as_deref(), Some("Patient/p"));
}

#[test]
fn what_is_of_several_or_of_nobody_has_none() {
    for text in [
        r#"{"resourceType":"Observation","subject":{"reference":"Patient/p"},"performer":[{"reference":"Patient/q"}]}"#,
        r#"{"resourceType":"Appointment","participant":[{"actor":{"reference":"Patient/p"}},{"actor":{"reference":"Patient/q"}}]}"#,
        r#"{"resourceType":"Observation","subject":{"reference":"Location/l"}}"#,
        r##"{"resourceType":"Observation","subject":{"reference":"#p"},"contained":[{"resourceType":"Patient","id":"p"}]}"##,
        r#"{"resourceType":"Organization","id":"p"}"#,
        r#"{"resourceType":"AuditEvent","entity":[{"what":{"reference":"Patient/p"}}]}"#,
        r#"{"resourceType":"Provenance","target":[{"reference":"Patient/p"}]}"#,
    ] {
        assert_eq!(owner(text), None, "{text}");
    }
}
