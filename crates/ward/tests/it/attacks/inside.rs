//! Contained resources: what a hidden element leads to, sought by reading and searching, and what one leads to that must not be changed, changed by every way to write

use crate::attacks::house::{House, Prepared};

const SCOPE: &str = "user/*.cruds";

/// Why somebody comes, who may not be told to the desk, and a prescription, which is the physician's.
const RECORDS: [&str; 2] = [
    r##"{"resourceType":"Encounter","id":"visit","contained":[{"resourceType":"Condition","id":"why","code":{"coding":[{"system":"urn:c","code":"whysecret"}]},"subject":{"reference":"Patient/bob"}}],"status":"planned","class":{"code":"AMB"},"subject":{"reference":"Patient/bob"},"reasonReference":[{"reference":"#why"}]}"##,
    r##"{"resourceType":"MedicationRequest","id":"order","contained":[{"resourceType":"Medication","id":"what","code":{"text":"aspirin"}}],"status":"active","intent":"order","medicationReference":{"reference":"#what"},"subject":{"reference":"Patient/bob"}}"##,
];

/// The house, and the tokens of the desk and of the pharmacist.
fn house() -> (House, String, String) {
    let people = [("desk", "receptionist", "Practitioner/doc"), ("shop", "pharmacist", "Practitioner/doc")];
    let prepared = Prepared::new().people(&people);
    let app = prepared.app(SCOPE);
    let house = prepared.open(&[]);
    let all = house.token(&[]);
    for record in RECORDS {
        let json = fhir::json::parse(record.as_bytes()).expect("JSON");
        let path = format!("/fhir/{}/{}", json.resource_type().expect("a type"), json.text("id").expect("an id"));
        let answer = house.with(&all, "PUT", &path, &[], record.as_bytes());
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    }
    let [desk, shop] = ["desk", "shop"].map(|login| house.tokens(&mut house.signed_in(login), &app, SCOPE).0);
    (house, desk, shop)
}

#[test]
fn what_a_hidden_element_leads_to_is_told_nobody() {
    let (house, desk, _) = house();
    let all = house.token(&[]);
    let inside = "/fhir/Condition?_contained=true&code=urn:c%7Cwhysecret";
    let graph = r#"{"query":"{ EncounterList { id contained { ... on Condition { code { coding { code } } } } } }"}"#;
    for (path, status) in [
        ("/fhir/Encounter/visit", 200),
        ("/fhir/Encounter/visit/_history/1", 200),
        ("/fhir/Encounter/visit/_history", 200),
        ("/fhir/Encounter?_id=visit&_elements=contained", 200),
        ("/fhir/Patient/bob/$everything", 200),
        (inside, 403),
        ("/fhir/Condition?_contained=both&_containedType=contained", 403),
        ("/fhir?_type=Condition,Encounter&_contained=both&_containedType=contained", 200),
        ("/fhir?_type=Condition,Encounter&_contained=true&_total=accurate", 200),
    ] {
        let answer = house.get(&desk, path);
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(!text.replace(path, "").contains("\"whysecret\""), "{path}: {text}");
        let found = answer.json().list("entry").filter(|_| path.contains("_contained=true")).count();
        assert!(found == 0 && answer.status == status, "{path}: {} {text}", answer.status);
    }
    let answer = house.with(&desk, "POST", "/fhir/$graphql", &[("Content-Type", "application/json")], graph.as_bytes());
    assert!(!String::from_utf8_lossy(&answer.body).contains("whysecret"));
    let found = house.get(&all, inside);
    assert!(String::from_utf8_lossy(&found.body).contains("whysecret"), "it was there to be found");
}

#[test]
fn what_must_not_be_changed_is_not_changed_from_inside() {
    let (house, _, shop) = house();
    let path = "/fhir/MedicationRequest/order";
    let changed = RECORDS[1].replace("aspirin", "morphine");
    let patch = r#"[{"op":"replace","path":"/contained/0/code/text","value":"morphine"}]"#;
    let merge = r#"{"contained":[{"resourceType":"Medication","id":"what","code":{"text":"morphine"}}]}"#;
    let bundle = format!(
        r#"{{"resourceType":"Bundle","type":"transaction","entry":[{{"resource":{changed},"request":{{"method":"PUT","url":"MedicationRequest/order"}}}}]}}"#
    );
    for (method, path, kind, body) in [
        ("PUT", path, "application/fhir+json", changed.as_str()),
        ("PATCH", path, "application/json-patch+json", patch),
        ("PATCH", path, "application/merge-patch+json", merge),
        ("PUT", "/fhir/MedicationRequest?_id=order", "application/fhir+json", changed.as_str()),
        ("POST", "/fhir", "application/fhir+json", bundle.as_str()),
    ] {
        let answer = house.with(&shop, method, path, &[("Content-Type", kind)], body.as_bytes());
        assert!([403, 415].contains(&answer.status), "{method} {kind}: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
    }
    let stored = house.get(&shop, path);
    let text = String::from_utf8_lossy(&stored.body).into_owned();
    assert!(text.contains("aspirin") && !text.contains("morphine"), "{text}");
    let done = RECORDS[1].replace("\"active\"", "\"completed\"");
    assert_eq!(house.with(&shop, "PUT", path, &[], done.as_bytes()).status, 200, "what is theirs to change they change");
}
