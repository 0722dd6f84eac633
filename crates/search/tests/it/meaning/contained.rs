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
    assert_eq!((search.contained, search.query.inside.len()), (search::parse::Contained::True, 1));
    let around = Hospital::of("").parse("Medication?code=asp&_contained=true");
    assert_eq!(around.query.inside, []);
}

const INSIDE: &str = r##"
{"resourceType":"Organization","id":"org","name":"Maker","partOf":{"reference":"Organization/top"}}
{"resourceType":"Organization","id":"top","name":"Top"}
{"resourceType":"Patient","id":"p","name":[{"family":"Alone"}]}
{"resourceType":"Medication","id":"m","code":{"coding":[{"code":"ibu"}]}}
{"resourceType":"MedicationRequest","id":"r1","contained":[{"resourceType":"Medication","id":"m","code":{"coding":[{"code":"asp"}]},"manufacturer":{"reference":"#o","identifier":{"system":"urn:o","value":"17"}}},{"resourceType":"Organization","id":"o","name":"Inner","partOf":{"reference":"Organization/org"}}],"medicationReference":{"reference":"#m"},"subject":{"reference":"Patient/p"}}
{"resourceType":"MedicationRequest","id":"r2","medicationReference":{"reference":"Medication/m"},"subject":{"reference":"#p","identifier":{"value":"42"}},"contained":[{"resourceType":"Patient","id":"p","name":[{"family":"Within"}]}]}
{"resourceType":"MedicationRequest","id":"r3","medicationReference":{"reference":"#m"},"subject":{"reference":"#gone"}}
{"resourceType":"MedicationRequest","id":"r4","medicationReference":{"reference":"#m"},"contained":[{"resourceType":"Medication","id":"m","code":{"coding":[{"code":"ibu"}]},"manufacturer":{"reference":"Organization/org"}}]}
"##;

#[test]
fn chains_lead_into_contained_resources() {
    Hospital::of(INSIDE).check(&[
        ("MedicationRequest?medication.code=asp", "r1"),
        ("MedicationRequest?medication.code=ibu", "r2 r4"),
        ("MedicationRequest?medication:Medication.code=ibu&status:missing=true", "r2 r4"),
        ("MedicationRequest?medication.code:not=asp", "r2 r4"),
        ("MedicationRequest?subject.name=within", "r2"),
        ("MedicationRequest?patient.name=within", "r2"),
        ("MedicationRequest?subject:Patient.name=alone", "r1"),
        ("MedicationRequest?medication.manufacturer.name=inner", "r1"),
        ("MedicationRequest?medication.manufacturer.partof.name=top", "r4"),
        ("MedicationRequest?medication.manufacturer.partof.name=maker", "r1"),
        ("MedicationRequest?medication.manufacturer.partof.partof.name=top", "r1"),
        ("MedicationRequest?medication.manufacturer:identifier=urn:o|17", "r1"),
        ("MedicationRequest?subject:identifier=42", "r2"),
        ("MedicationRequest?medication:missing=false", "r1 r2 r4"),
        ("MedicationRequest?subject:missing=true", "r3 r4"),
        ("MedicationRequest?_filter=medication.code eq asp", "r1"),
        ("Patient?_has:MedicationRequest:subject:_id=r2", ""),
        ("MedicationRequest?subject._has:MedicationRequest:subject:_id=r2", ""),
        ("Medication?_contained=true&manufacturer.name=inner", "MedicationRequest/r1"),
        ("Medication?_contained=true&manufacturer.name=maker", "MedicationRequest/r4"),
    ]);
}
