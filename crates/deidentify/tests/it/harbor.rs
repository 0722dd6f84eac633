//! Safe Harbor's identifiers, one by one.

use deidentify::places::{FEW_PEOPLE, zip3};
use deidentify::{Settings, deidentified};
use fhir::{Value, json, object};

/// A pseudonym from which nothing can be read: the sum of the bytes, which is enough for a test.
pub fn pseudonym(kind: &str, id: &str) -> String {
    let sum = kind.bytes().chain(id.bytes()).fold(7u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    format!("p-x{sum}")
}

const SETTINGS: Settings<'static> = Settings { year: 2026, pseudonym: &pseudonym };

fn out(text: &str) -> Value {
    deidentified(&json::parse(text.as_bytes()).unwrap(), &SETTINGS).unwrap()
}

/// The JSON that comes out, without the resource's type, id and label.
fn rest(text: &str) -> String {
    let mut value = out(text);
    let object = value.as_object_mut().unwrap();
    for name in ["resourceType", "id", "meta"] {
        object.remove(name);
    }
    json::to_string(&value)
}

#[test]
fn a_patient_is_a_year_a_state_and_a_gender() {
    let from = r##"{"resourceType":"Patient","id":"12","meta":{"versionId":"3","lastUpdated":"2026-01-02T03:04:05Z","source":"urn:x",
        "profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"],"tag":[{"system":"urn:here","code":"vip"}]},
        "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Ann Lee</div>"},
        "extension":[{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-race","extension":[
            {"url":"ombCategory","valueCoding":{"system":"urn:oid:2.16.840.1.113883.6.238","code":"2106-3","display":"White"}},
            {"url":"text","valueString":"White"}]},
            {"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex","valueCode":"F"},
            {"url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","valueString":"Roe"}],
        "identifier":[{"system":"http://hl7.org/fhir/sid/us-ssn","value":"999-12-3456"}],"active":true,
        "name":[{"family":"Lee","given":["Ann"]}],"telecom":[{"system":"phone","value":"555-1234"}],"gender":"female",
        "birthDate":"1980-02-03","_birthDate":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthTime","valueDateTime":"1980-02-03T04:05:06Z"}]},
        "address":[{"use":"home","line":["1 Main St"],"city":"Boston","district":"Suffolk","state":"MA","postalCode":"02115-1234","country":"US","period":{"start":"2001-02-03"}}],
        "photo":[{"contentType":"image/png","data":"AAAA"}],
        "communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"en-US"}],"text":"English"}}],
        "generalPractitioner":[{"reference":"Practitioner/7","display":"Dr Roe"}],"managingOrganization":{"display":"Clinic"}}"##;
    let expected = format!(
        r#"{{"extension":[{{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-race","extension":[{{"url":"ombCategory","valueCoding":{{"system":"urn:oid:2.16.840.1.113883.6.238","code":"2106-3"}}}}]}},{{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex","valueCode":"F"}}],"active":true,"gender":"female","birthDate":"1980","address":[{{"state":"MA","postalCode":"021","country":"US","use":"home","period":{{"start":"2001"}}}}],"communication":[{{"language":{{"coding":[{{"system":"urn:ietf:bcp:47","code":"en-US"}}]}}}}],"generalPractitioner":[{{"reference":"Practitioner/{}"}}]}}"#,
        pseudonym("Practitioner", "7")
    );
    assert_eq!(rest(from), expected);
    let whole = out(from);
    assert_eq!(whole.text("id"), Some(&*pseudonym("Patient", "12")));
    let label = r#"{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"ANONYED"}]}"#;
    assert_eq!(json::to_string(whole.get("meta").unwrap()), label);
}

#[test]
fn zip_codes_of_few_people_are_nobodys() {
    for three in FEW_PEOPLE {
        assert_eq!(zip3(&format!("{three}01")), Some("000"));
    }
    assert_eq!((zip3("02115"), zip3("02115-0001"), zip3("03701")), (Some("021"), Some("021"), Some("037")));
    for none in ["", "0211", "021155", "02115-1", "0211A", "K1A 0B1", "０２１１５"] {
        assert_eq!(zip3(none), None, "{none}");
    }
}

#[test]
fn addresses_elsewhere_are_their_country() {
    let patient = |address: &str| rest(&format!(r#"{{"resourceType":"Patient","address":[{address}]}}"#));
    assert_eq!(patient(r#"{"city":"Bern","state":"BE","postalCode":"30100","country":"CH"}"#), r#"{"address":[{"country":"CH"}]}"#);
    assert_eq!(patient(r#"{"state":"Springfield","postalCode":"99999"}"#), r#"{"address":[{"postalCode":"999"}]}"#);
    assert_eq!(patient(r#"{"country":"the house on the hill"}"#), "{}");
}

#[test]
fn ages_above_89_are_90_or_more_and_their_years_are_hidden() {
    let age = |value: &str, unit: &str| rest(&format!(r#"{{"resourceType":"Condition","onsetAge":{{"value":{value},{unit}}}}}"#));
    let ucum = |code: &str| format!(r#""unit":"{code}","system":"http://unitsofmeasure.org","code":"{code}""#);
    let hidden = r#"{"onsetAge":{"value":90,"comparator":">=","system":"http://unitsofmeasure.org","code":"a"}}"#;
    for (value, unit) in
        [("90", ucum("a")), ("104.5", ucum("a")), ("1080", ucum("mo")), ("40000", ucum("d")), ("95", r#""unit":"Jahre""#.to_owned())]
    {
        assert_eq!(age(value, &unit), hidden, "{value} {unit}");
    }
    for (value, code) in [("89", "a"), ("89.9", "a"), ("1079", "mo"), ("100", "d")] {
        assert!(age(value, &ucum(code)).contains(&format!("\"value\":{value},")), "{value} {code}");
    }
    let observed = rest(&format!(r#"{{"resourceType":"Observation","valueQuantity":{{"value":93,{}}}}}"#, ucum("a")));
    assert!(observed.contains(r#""value":90,"comparator":">=""#), "{observed}");
    let born = |date: &str| rest(&format!(r#"{{"resourceType":"Patient","birthDate":"{date}"}}"#));
    assert_eq!((born("1937-12-31"), born("1936-01-01")), (r#"{"birthDate":"1937"}"#.to_owned(), "{}".to_owned()));
    assert_eq!(born("19370"), "{}", "no date");
}

#[test]
fn codes_stay_of_well_known_systems_alone() {
    let coded = |system: &str, code: &str| {
        rest(&format!(
            r#"{{"resourceType":"Condition","code":{{"coding":[{{"system":"{system}","code":"{code}","display":"Ann's"}}],"text":"Ann's"}}}}"#
        ))
    };
    assert_eq!(
        coded("http://snomed.info/sct", "38341003"),
        r#"{"code":{"coding":[{"system":"http://snomed.info/sct","code":"38341003"}]}}"#
    );
    for system in
        ["urn:our:diagnoses", "http://hl7.org/fhir/sid/us-ssn", "http://hl7.org/fhir/sid/passport-USA", "http://loinc.org.example"]
    {
        assert_eq!(coded(system, "38341003"), "{}", "{system}");
    }
    assert_eq!(coded("http://loinc.org", "Ann Lee"), "{}", "no code has a space");
    let status = |code: &str| rest(&format!(r#"{{"resourceType":"Observation","status":"{code}"}}"#));
    assert_eq!(status("final"), r#"{"status":"final"}"#);
    let masked = r#"{"_status":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"masked"}]}}"#;
    assert_eq!(status("annlee"), masked);
}

#[test]
fn references_lead_to_the_pseudonym_that_the_resource_has() {
    let to = |reference: &str| {
        rest(&format!(
            r#"{{"resourceType":"Encounter","subject":{{"reference":"{reference}","display":"Ann","identifier":{{"value":"1"}}}}}}"#
        ))
    };
    let patient = pseudonym("Patient", "12");
    assert_eq!(to("Patient/12"), format!(r#"{{"subject":{{"reference":"Patient/{patient}"}}}}"#));
    assert_eq!(to("Patient/12/_history/4"), to("Patient/12"));
    for elsewhere in ["http://h.example/Patient/12", "urn:uuid:1", "Ann/12", "Patient/", "Patient/12/x", "Patient"] {
        assert_eq!(to(elsewhere), "{}", "{elsewhere}");
    }
    let contained = out(
        r##"{"resourceType":"Encounter","id":"1","contained":[{"resourceType":"Patient","id":"ann","name":[{"text":"Ann"}]}],"subject":{"reference":"#ann"}}"##,
    );
    let inner = contained.list("contained").next().unwrap().text("id").unwrap();
    assert_eq!(contained.get("subject").unwrap().text("reference"), Some(&*format!("#{inner}")));
    assert_ne!(inner, "ann");
}

#[test]
fn a_pseudonym_that_is_none_takes_the_resource_along() {
    let patient = json::parse(br#"{"resourceType":"Patient","id":"12"}"#).unwrap();
    for made in ["12", "", "Ann Lee", &"x".repeat(65)] {
        let settings = Settings { year: 2026, pseudonym: &|_, _| made.to_owned() };
        assert_eq!(deidentified(&patient, &settings), None, "{made}");
    }
}

#[test]
fn a_bundle_is_its_resources() {
    let from = r#"{"resourceType":"Bundle","type":"collection","timestamp":"2026-01-02T03:04:05Z","entry":[
        {"fullUrl":"http://h.example/Patient/12","resource":{"resourceType":"Patient","id":"12","gender":"male"}},
        {"resource":{"resourceType":"Binary","id":"1","contentType":"text/plain","data":"QW5u"}}]}"#;
    let value = out(from);
    let entries: Vec<&Value> = value.list("entry").collect();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].get("resource").unwrap().text("id"), Some(&*pseudonym("Patient", "12")));
    assert!(!json::to_string(&value).contains("h.example"));
}

#[test]
fn what_is_nested_without_end_ends() {
    let item = |inner: Value| object! { "linkId": "a", "required": true, "item": vec![inner] };
    let deep = (0..5_000).fold(object! { "required": true }, |inner, _| item(inner));
    let from = object! { "resourceType": "Questionnaire", "item": vec![deep] };
    let out = deidentified(&from, &SETTINGS).unwrap();
    let levels = json::to_string(&out).matches("required").count();
    assert!((10..=64).contains(&levels), "{levels}");
    std::mem::forget(from);
    assert_eq!(deidentified(&json::parse(b"[1]").unwrap(), &SETTINGS), None);
    assert_eq!(deidentified(&json::parse(br#"{"resourceType":"Nobody"}"#).unwrap(), &SETTINGS), None);
}

#[test]
fn a_place_on_earth_and_what_a_text_names_are_removed() {
    let position = r#"{"resourceType":"Location","status":"active","position":{"longitude":-71.05,"latitude":42.36}}"#;
    assert_eq!(rest(position), r#"{"status":"active"}"#);
    let named = r#"{"resourceType":"Parameters","parameter":[{"name":"ssn","valueInteger":123456789}]}"#;
    assert_eq!(rest(named), "{}");
}
