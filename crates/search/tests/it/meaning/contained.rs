//! Contained resources.

use super::Hospital;

const RESOURCES: &str = r##"
{"resourceType":"MedicationRequest","id":"r1","status":"active","contained":[{"resourceType":"Medication","id":"m","code":{"coding":[{"system":"urn:c","code":"asp"}]}}],"medicationReference":{"reference":"#m"},"subject":{"reference":"Patient/p"}}
{"resourceType":"MedicationRequest","id":"r2","status":"active","contained":[{"resourceType":"Medication","id":"m","code":{"coding":[{"system":"urn:c","code":"ibu"}]}}],"medicationReference":{"reference":"#m"},"subject":{"reference":"Patient/p"}}
{"resourceType":"Medication","id":"alone","code":{"coding":[{"system":"urn:c","code":"asp"}]}}
"##;

#[test]
fn contained_resources_are_found_when_asked_for() {
    Hospital::of(RESOURCES).check(&[
        ("Medication?code=asp", "alone"),
        ("Medication?code=asp&_contained=true", "MedicationRequest/r1"),
        ("Medication?code=asp&_contained=both", "Medication/alone MedicationRequest/r1"),
        ("Medication?code=urn:c|ibu&_contained=true", "MedicationRequest/r2"),
        ("Medication?_id=m&_contained=true", "MedicationRequest/r1 MedicationRequest/r2"),
        ("Medication?_contained=false&code=ibu", ""),
        ("MedicationRequest?_contained=true&status=active", ""),
        ("?_type=Medication&code=ibu&_contained=both", "MedicationRequest/r2"),
    ]);
}

#[test]
fn what_was_asked_for_is_kept_for_the_answer() {
    let search = Hospital::of("").parse("Medication?code=asp&_contained=true&_containedType=contained");
    assert_eq!((search.contained, search.contained_type), (search::parse::Contained::True, search::parse::ContainedType::Contained));
    assert_eq!(search.inner.len(), 1);
}
