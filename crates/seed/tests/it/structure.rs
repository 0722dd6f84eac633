//! Every resource is built as R4 says.

use std::collections::BTreeMap;

use fhir::check::check;

use crate::hospital;

#[test]
fn every_resource_passes_the_strict_check() {
    let resources = hospital(200);
    for resource in &resources {
        let issues = check(resource);
        assert!(issues.is_empty(), "{:?}/{:?}: {issues:?}", resource.resource_type(), resource.text("id"));
    }
    assert!(resources.len() > 20_000);
}

#[test]
fn resources_go_through_text_unchanged() {
    for resource in hospital(20) {
        let text = fhir::json::to_string(&resource);
        assert_eq!(fhir::json::parse(text.as_bytes()).ok().as_ref(), Some(&resource));
    }
}

#[test]
fn no_resource_claims_a_profile() {
    assert!(hospital(10).iter().all(|resource| resource.get("meta").is_none()));
}

#[test]
fn the_kinds_of_resource_a_hospital_needs_are_there() {
    let mut kinds = BTreeMap::new();
    for resource in hospital(200) {
        *kinds.entry(resource.resource_type().unwrap_or_default().to_string()).or_insert(0) += 1;
    }
    let needed = "AllergyIntolerance Appointment CarePlan CareTeam ChargeItem Claim Condition Coverage Device DiagnosticReport \
        DocumentReference Encounter ExplanationOfBenefit Goal HealthcareService Immunization Invoice Location Medication \
        MedicationAdministration MedicationDispense MedicationRequest Observation Organization Patient Practitioner \
        PractitionerRole Procedure RelatedPerson Schedule ServiceRequest Slot Specimen";
    for kind in needed.split_whitespace() {
        assert!(kinds.contains_key(kind), "there is no {kind} among {kinds:?}");
    }
}
